<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\FfiTransport;
use Pwvault\LibraryUnavailable;
use Pwvault\Vault;

/**
 * Handles end with their objects, and outlive a fork. Which libraries are refused.
 */
final class LifetimeTest extends VaultTestCase
{
    public function testHandlesEndWithTheirObjects(): void
    {
        $transport = new FfiTransport();
        $before = $transport->liveHandles();
        $vault = self::over($transport, 'memory:');
        $session = self::staff($vault);
        $session->createEntry(['name' => 'Mail', 'password' => 'x']);
        self::assertSame($before + 2, $transport->liveHandles(), 'replies are closed at once');
        unset($session);
        self::assertSame($before + 1, $transport->liveHandles());
        $vault->close();
        self::assertSame($before, $transport->liveHandles());
    }

    public function testAChildOfAForkGoesOn(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'pwvault');
        $vault = self::over(new FfiTransport(), "sqlite:$file");
        $session = self::staff($vault);
        $id = $session->createEntry(['name' => 'Mail', 'password' => 'correct horse']);
        $child = pcntl_fork();
        if ($child === 0) {
            $session->createEntry(['name' => 'Web', 'password' => 'x']);
            $good = $session->reveal($id)->password->equals('correct horse');
            // No end of a PHP script: that would run the tests' own.
            posix_kill((int) getmypid(), $good ? SIGKILL : SIGTERM);
        }
        pcntl_waitpid($child, $status);
        self::assertSame(SIGKILL, pcntl_wtermsig($status));
        $names = array_map(fn ($entry) => $entry->head->name, iterator_to_array($session->eachEntry()));
        sort($names);
        self::assertSame(['Mail', 'Web'], $names);
        array_map('unlink', glob("$file*") ?: []);
    }

    public function testALibraryThatIsMissingOrForeignIsNamed(): void
    {
        $said = fn (string $library) => self::thrown(LibraryUnavailable::class, fn () => new FfiTransport($library))->getMessage();
        self::assertStringContainsString('there is no library at /nowhere/libpwvault.so', $said('/nowhere/libpwvault.so'));
        self::assertStringContainsString('cannot be loaded', $said('libc.so.6'));
    }

    public function testEveryFileOfThePackageLoads(): void
    {
        $source = dirname(__DIR__) . '/src';
        $names = [];
        foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($source)) as $file) {
            if ($file->isFile()) {
                $names[] = 'Pwvault' . strtr(substr($file->getPathname(), strlen($source), -4), '/', '\\');
            }
        }
        $loads = fn (string $name) => class_exists($name) || interface_exists($name) || trait_exists($name);
        self::assertGreaterThan(300, count($names));
        self::assertSame($names, array_values(array_filter($names, $loads)));
    }

    /**
     * A library of another version, made with the C compiler.
     */
    public function testTheExactVersionsAreInTheMessage(): void
    {
        $place = (string) tempnam(sys_get_temp_dir(), 'pwvault');
        $code = '#include <stddef.h>' . "\n" . 'typedef struct { const char *data; size_t len; } slice;'
            . 'unsigned pwv_abi_version(void) { return 9; }'
            . 'int pwv_library_version(slice *out) { out->data = "7.8.9"; out->len = 5; return 0; }';
        $others = ['open', 'session', 'call', 'document', 'secret', 'close', 'close_all', 'debug_live_handles'];
        foreach ($others as $name) {
            $code .= "int pwv_$name(void) { return 0; }";
        }
        file_put_contents("$place.c", $code);
        exec('cc -shared -fPIC -o ' . escapeshellarg("$place.so") . ' ' . escapeshellarg("$place.c"), $said, $status);
        self::assertSame(0, $status);
        $refused = self::thrown(LibraryUnavailable::class, fn () => new FfiTransport("$place.so"));
        $expected = "$place.so has version 9 of the ABI (library 7.8.9), and this package needs version 1";
        self::assertStringStartsWith($expected, $refused->getMessage());
        array_map('unlink', [$place, "$place.c", "$place.so"]);
    }

    private static function over(FfiTransport $transport, string $dsn): Vault
    {
        return Vault::create($dsn, self::VAULT, self::kek(), 'full', transport: $transport);
    }
}
