<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use PHPUnit\Framework\TestCase;
use Pwvault\TicketJar;

/**
 * A jar in the session of PHP and a cookie, as `php -S` serves them.
 */
final class JarTest extends TestCase
{
    /** @var resource */
    private $server;
    private string $address;

    /** @var array<string, string> */
    private array $cookies = [];

    /** @var list<string> */
    private array $set = [];

    protected function setUp(): void
    {
        $free = stream_socket_server('tcp://127.0.0.1:0');
        $this->address = (string) stream_socket_get_name($free, false);
        fclose($free);
        $command = [PHP_BINARY, '-d', 'ffi.enable=1', '-d', 'output_buffering=0', '-S', $this->address, '-t', __DIR__];
        $log = ['file', '/dev/null', 'w'];
        $this->server = proc_open($command, [1 => $log, 2 => $log], $pipes);
        for ($tries = 0; @fsockopen("tcp://$this->address") === false; $tries++) {
            self::assertLessThan(500, $tries, 'php -S did not start');
            usleep(20_000);
        }
    }

    protected function tearDown(): void
    {
        proc_terminate($this->server);
        proc_close($this->server);
    }

    public function testATicketIsThereInTheNextRequestOfBothHalvesAlone(): void
    {
        $ticket = str_repeat('t', 32);
        [, $kept, $session] = $this->page('keep');
        self::assertSame(1, $kept);
        self::assertStringNotContainsString($ticket, $session);
        [$cookie] = array_values(preg_grep('/^' . TicketJar::NAME . '=/', $this->set));
        $attributes = array_slice(array_map(strtolower(...), explode('; ', $cookie)), 1);
        self::assertSame(['path=/', 'secure', 'httponly', 'samesite=strict'], $attributes);
        self::assertSame([[$ticket], 1], array_slice($this->page(''), 0, 2));
        $both = $this->cookies;
        unset($this->cookies[TicketJar::NAME]);
        self::assertSame([], $this->page('')[0], 'the session without the cookie');
        $this->cookies = [TicketJar::NAME => $both[TicketJar::NAME]];
        self::assertSame([], $this->page('')[0], 'the cookie without the session');
        $this->cookies = $both;
        [$found, $kept] = $this->page('late');
        self::assertSame(['TicketJar sets a cookie: use keep() and lock() before any output', 1], [$found[1], $kept]);
        $this->page('lock');
        self::assertStringContainsString('Max-Age=0', implode("\n", $this->set));
        self::assertSame([[], 0], array_slice($this->page(''), 0, 2));
    }

    /**
     * @return array{0: list<string>, 1: int, 2: string} what the page found, and what is in its session now
     */
    private function page(string $do): array
    {
        $cookies = http_build_query($this->cookies, '', '; ');
        $context = stream_context_create(['http' => ['ignore_errors' => true, 'header' => "Cookie: $cookies"]]);
        $body = (string) file_get_contents("http://$this->address/jar.php?do=$do", false, $context);
        $this->set = [];
        foreach ($http_response_header as $header) {
            if (preg_match('/^Set-Cookie: (([^=]+)=([^;]*).*)$/', $header, $found) === 1) {
                $this->set[] = $found[1];
                $this->cookies[$found[2]] = rawurldecode($found[3]);
            }
        }
        self::assertSame(1, preg_match('/\[.*$/', $body, $found), $body);
        return json_decode($found[0], true);
    }
}
