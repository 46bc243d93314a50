<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\HelperTransport;
use Pwvault\LibraryUnavailable;
use Pwvault\Model\PrincipalKind;
use Pwvault\TransportFailed;
use Pwvault\Vault;

/**
 * The helper process as such; that it does what the library does, the other tests say over both ways.
 */
final class HelperTest extends VaultTestCase
{
    public function testAHelperThatDiesInTheMiddleIsToldAndNotTriedAgain(): void
    {
        // Says hello as a helper does, takes the next request, and is gone.
        $dying = self::program(<<<'PHP'
            $frame = function () { return unpack('N3', fread(STDIN, 12)); };
            fread(STDIN, array_sum($frame()));
            $document = '{"abi":1,"library":"0","protocol":1}';
            $header = '{"request":1,"status":0}';
            echo pack('NNN', strlen($header), strlen($document), 0), $header, $document;
            fread(STDIN, array_sum($frame()));
            PHP);
        $transport = HelperTransport::start($dying);
        foreach (['in the middle of a call', 'open the vault anew'] as $why) {
            $error = self::thrown(TransportFailed::class, fn () => self::open($transport));
            self::assertStringContainsString($why, $error->getMessage());
        }
    }

    public function testWhatIsNoHelperIsNamed(): void
    {
        $none = self::thrown(LibraryUnavailable::class, fn () => HelperTransport::start('/nowhere/pwvault-helper'));
        self::assertStringContainsString('/nowhere/pwvault-helper', $none->getMessage());
        $other = self::program('echo str_repeat("x", 64);');
        self::thrown(LibraryUnavailable::class, fn () => HelperTransport::start($other));
        $nobody = self::thrown(LibraryUnavailable::class, fn () => HelperTransport::connect('/nowhere/socket'));
        self::assertStringContainsString('pwvault-helper --socket', $nobody->getMessage());
    }

    public function testAHelperAtASocketServesSeveralRequests(): void
    {
        $folder = sys_get_temp_dir() . '/pwvault-' . bin2hex(random_bytes(8));
        mkdir($folder, 0700);
        $program = getenv('TEST_HELPER');
        self::assertIsString($program, 'TEST_HELPER names the helper');
        $helper = proc_open([$program, '--socket', "$folder/socket"], [], $pipes);
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

    private static function open(HelperTransport $transport): Vault
    {
        return Vault::create('memory:', self::VAULT, self::kek(), 'full', transport: $transport);
    }

    /**
     * An executable file that runs PHP.
     */
    private static function program(string $code): string
    {
        $path = (string) tempnam(sys_get_temp_dir(), 'pwvault');
        file_put_contents($path, '#!' . PHP_BINARY . "\n<?php\n$code\n");
        chmod($path, 0700);
        register_shutdown_function(fn () => @unlink($path));
        return $path;
    }
}
