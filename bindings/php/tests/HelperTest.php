<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\HelperTransport;
use Pwvault\LibraryUnavailable;
use Pwvault\Model\PrincipalKind;
use Pwvault\TransportFailed;
use Pwvault\Vault;

/**
 * The helper process as such: missing, old, slow, dying, forked. That it does what the library does, the
 * other tests say over both ways.
 */
final class HelperTest extends VaultTestCase
{
    private const HELLO = '{"abi":1,"library":"0.1.0","protocol":1}';

    public function testAHelperThatIsKilledIsToldAndNotReplaced(): void
    {
        $helper = HelperTransport::start(self::helper());
        $session = self::staff(self::open($helper));
        $process = (new \ReflectionProperty($helper, 'process'))->getValue($helper);
        posix_kill(proc_get_status($process)['pid'], SIGKILL);
        $failed = self::failure(fn () => $session->createEntry(['name' => 'Mail', 'password' => 'canary-7f3a']));
        self::assertStringContainsString('whether the call was done is not known', $failed->getMessage());
        self::assertStringNotContainsString('canary-', (string) $failed);
        $next = self::failure(fn () => $session->rules());
        self::assertStringContainsString('open the vault anew', $next->getMessage());
        $session->close();
        self::assertSame(self::VAULT, self::open(HelperTransport::start(self::helper()))->id());
    }

    /**
     * @dataProvider answers
     */
    public function testAnAnswerThatIsNoneEndsTheConnection(string $answer, string $expected): void
    {
        $helper = self::played(self::frame(1, self::HELLO), $answer);
        self::assertSame('0.1.0', $helper->libraryVersion());
        $failed = self::failure(fn () => $helper->call(0, 'languages', '{}', []));
        self::assertStringContainsString($expected, $failed->getMessage());
        $next = self::failure(fn () => $helper->call(0, 'languages', '{}', []));
        self::assertStringContainsString('the helper is gone; open the vault anew', $next->getMessage());
    }

    /**
     * @return iterable<string, array{0: string, 1: string}>
     */
    public static function answers(): iterable
    {
        $whole = self::frame(2, '[]');
        yield 'none' => ['', 'ended in the middle of a call'];
        yield 'half a frame' => [substr($whole, 0, -1), 'ended in the middle of a call'];
        yield 'half of the lengths' => [substr($whole, 0, 5), 'ended in the middle of a call'];
        yield 'to another request' => [self::frame(7, '[]'), 'makes no sense'];
        yield 'a frame of gigabytes' => [pack('N3', 1, 0xffffffff, 0), 'too long'];
        yield 'a header that is none' => [pack('N3', 2, 0, 0) . 'hm', 'makes no sense'];
        yield 'secrets that do not add up' => [self::frame(2, '[]', [4, 9], 'four'), 'do not add up'];
        yield 'secrets that take back' => [self::frame(2, '[]', [8, -4], 'four'), 'do not add up'];
        yield 'secrets that nobody counts' => [self::frame(2, '[]', [], 'four'), 'do not add up'];
    }

    public function testASlowHelperIsNotWaitedForForever(): void
    {
        $helper = self::played(self::frame(1, self::HELLO), '', timeout: 3);
        $failed = self::failure(fn () => $helper->call(0, 'languages', '{}', []));
        self::assertStringContainsString('did not answer within 3 seconds', $failed->getMessage());
    }

    public function testWhatIsNoHelperIsNamed(): void
    {
        $old = self::frame(1, '{"protocol": 1, "library": "0.0.9", "abi": 0}');
        $message = self::unavailable(fn () => self::played($old, ''));
        self::assertStringContainsString('version 0 of the ABI (library 0.0.9), and this package needs version 1', $message);
        $missing = self::unavailable(fn () => HelperTransport::start('/nowhere/pwvault-helper'));
        self::assertStringContainsString('there is no program at /nowhere/pwvault-helper', $missing);
        $other = self::unavailable(fn () => HelperTransport::start('/bin/true'));
        self::assertStringContainsString('/bin/true is no pwvault-helper', $other);
        $nobody = self::unavailable(fn () => HelperTransport::connect('/nowhere/socket'));
        self::assertStringContainsString('start pwvault-helper --socket /nowhere/socket', $nobody);
    }

    public function testAHandlerOfTheHostThatThrowsHasNoSecretInItsTrace(): void
    {
        $helper = HelperTransport::start(self::helper());
        $session = self::staff(self::open($helper));
        $process = (new \ReflectionProperty($helper, 'process'))->getValue($helper);
        posix_kill(proc_get_status($process)['pid'], SIGKILL);
        for ($tries = 0; proc_get_status($process)['running'] && $tries < 500; $tries++) {
            usleep(20_000);
        }
        $ignored = ini_set('zend.exception_ignore_args', '0');
        set_error_handler(fn (int $level, string $message) => throw new \ErrorException($message));
        try {
            $failed = self::failure(fn () => $session->createEntry(['name' => 'Mail', 'password' => 'canary-7f3a']));
        } finally {
            restore_error_handler();
            ini_set('zend.exception_ignore_args', (string) $ignored);
        }
        self::assertStringContainsString('the helper is gone', $failed->getMessage());
        self::assertStringNotContainsString('canary-', print_r($failed->getTrace(), true));
    }

    public function testASocketWhereOthersCouldPutTheirsIsNotUsed(): void
    {
        $folder = sys_get_temp_dir() . '/pwvault-' . bin2hex(random_bytes(8));
        mkdir($folder, 0700);
        $listens = stream_socket_server("unix://$folder/socket");
        try {
            foreach ([0755, 0770, 0701] as $mode) {
                chmod($folder, $mode);
                clearstatcache();
                $refused = self::unavailable(fn () => HelperTransport::connect("$folder/socket", 0.1));
                self::assertStringContainsString('expected a directory of this user with mode 0700', $refused);
            }
            chmod($folder, 0700);
            clearstatcache();
            if (posix_geteuid() === 0) {
                chown($folder, 65534);
                clearstatcache();
                $refused = self::unavailable(fn () => HelperTransport::connect("$folder/socket", 0.1));
                self::assertStringContainsString('expected a directory of this user', $refused);
            }
            $read = [$listens];
            [$write, $except] = [null, null];
            self::assertSame(0, stream_select($read, $write, $except, 0), 'nobody was spoken to');
        } finally {
            fclose($listens);
            unlink("$folder/socket");
            rmdir($folder);
        }
    }

    public function testAChildOfAForkDoesNotSpeakInBetween(): void
    {
        $helper = HelperTransport::start(self::helper());
        $session = self::staff(self::open($helper));
        $child = pcntl_fork();
        if ($child === 0) {
            try {
                $session->rules();
            } catch (TransportFailed $failed) {
                $session->close();
                posix_kill((int) getmypid(), str_contains($failed->getMessage(), 'before the fork') ? SIGKILL : SIGTERM);
            }
            posix_kill((int) getmypid(), SIGTERM);
        }
        pcntl_waitpid($child, $status);
        self::assertSame(SIGKILL, pcntl_wtermsig($status), 'the child was refused');
        self::assertIsArray($session->rules());
    }

    public function testAHelperAtASocketServesSeveralRequests(): void
    {
        $folder = sys_get_temp_dir() . '/pwvault-' . bin2hex(random_bytes(8));
        mkdir($folder, 0700);
        $log = ['file', '/dev/null', 'w'];
        $helper = proc_open([self::helper(), '--socket', "$folder/socket"], [1 => $log, 2 => $log], $pipes);
        try {
            for ($tries = 0; !file_exists("$folder/socket") && $tries < 500; $tries++) {
                usleep(20_000);
            }
            foreach (['one', 'two'] as $name) {
                $vault = self::open(HelperTransport::connect("$folder/socket"));
                $session = $vault->session(PrincipalKind::client(id: '7', groups: []));
                $id = $session->createEntry(['name' => $name, 'password' => "secret of $name"]);
                self::assertSame("secret of $name", $session->reveal($id)->password->expose());
            }
        } finally {
            proc_terminate($helper);
            proc_close($helper);
            array_map('unlink', glob("$folder/*") ?: []);
            rmdir($folder);
        }
    }

    private static function helper(): string
    {
        $program = getenv('TEST_HELPER');
        self::assertIsString($program, 'TEST_HELPER names the helper');
        return $program;
    }

    private static function open(HelperTransport $transport): Vault
    {
        return Vault::create('memory:', self::VAULT, self::kek(), 'full', transport: $transport);
    }

    /**
     * A transport whose other end says what it is given; where there is a timeout, it then waits for more.
     */
    private static function played(string $hello, string $answer, ?float $timeout = null): HelperTransport
    {
        $script = (string) tempnam(sys_get_temp_dir(), 'pwvault');
        $php = '#!' . PHP_BINARY . "\n<?php\nfunction ask() { \$n = unpack('N3', fread(STDIN, 12) ?: exit); "
            . "foreach (\$n as \$length) { \$length && fread(STDIN, \$length); } }\n"
            . 'ask(); fwrite(STDOUT, ' . var_export($hello, true) . ");\n"
            . 'ask(); fwrite(STDOUT, ' . var_export($answer, true) . ");\n" . ($timeout === null ? '' : 'fread(STDIN, 1);');
        file_put_contents($script, $php);
        chmod($script, 0700);
        try {
            return $timeout === null ? HelperTransport::start($script) : HelperTransport::start($script, $timeout);
        } finally {
            unlink($script);
        }
    }

    /**
     * @param list<int> $lengths
     */
    private static function frame(int $request, string $document, array $lengths = [], string $secrets = ''): string
    {
        $header = ['request' => $request, 'status' => 0] + ($lengths === [] ? [] : ['secrets' => $lengths]);
        $header = (string) json_encode($header);
        return pack('N3', strlen($header), strlen($document), strlen($secrets)) . $header . $document . $secrets;
    }

    private static function failure(callable $work): TransportFailed
    {
        return self::thrown(TransportFailed::class, $work);
    }

    private static function unavailable(callable $work): string
    {
        return self::thrown(LibraryUnavailable::class, $work)->getMessage();
    }
}
