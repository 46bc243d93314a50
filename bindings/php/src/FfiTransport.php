<?php

declare(strict_types=1);

namespace Pwvault;

use FFI;
use FFI\CData;

/**
 * The library inside PHP. The only class that touches FFI.
 *
 * A worker of php-fpm keeps the library's memory when a request dies; the first use in a request
 * therefore closes what an earlier one left open, and the end of a request what it opened itself.
 */
final class FfiTransport implements Transport
{
    /** The version of the C ABI that this package was made for. */
    public const ABI = 1;

    /** The name under which the header is preloaded. */
    public const SCOPE = 'PWVAULT';

    private const RESOURCES = __DIR__ . '/../resources';
    private const HINT = 'vendor/bin/pwvault-doctor says what is missing';

    /** @var array<string, true> the libraries that this request began with */
    private static array $begun = [];

    private readonly FFI $ffi;

    /**
     * @param string|null $library the path of the library; else the preloaded one, the environment
     *     variable PWVAULT_LIBRARY, the package's own in resources/, or the system's. Under
     *     `ffi.enable=preload` only the preloaded one is taken
     * @throws LibraryUnavailable
     */
    public function __construct(?string $library = null)
    {
        if (!extension_loaded('ffi')) {
            throw new LibraryUnavailable('the PHP extension ffi is not loaded: load it, or use HelperTransport');
        }
        [$this->ffi, $place] = self::load($library);
        $found = $this->ffi->pwv_abi_version();
        if ($found !== self::ABI) {
            throw new LibraryUnavailable(sprintf(
                '%s has version %d of the ABI (library %s), and this package needs version %d: install library and '
                . 'package of one release',
                $place,
                $found,
                $this->libraryVersion(),
                self::ABI
            ));
        }
        if (!isset(self::$begun[$place])) {
            self::$begun[$place] = true;
            $this->closeWithRequest();
        }
    }

    public function open(string $options, array $secrets): int
    {
        return $this->run(
            fn (CData $options, ?CData $secrets, int $count, CData $out, CData $error): int =>
                $this->ffi->pwv_open($options, $secrets, $count, $out, $error),
            $options,
            $secrets
        );
    }

    public function session(int $vault, string $options, array $secrets): int
    {
        return $this->run(
            fn (CData $options, ?CData $secrets, int $count, CData $out, CData $error): int =>
                $this->ffi->pwv_session($vault, $options, $secrets, $count, $out, $error),
            $options,
            $secrets
        );
    }

    public function call(int $target, string $name, string $arguments, array $secrets): Reply
    {
        [$name, $kept] = $this->slice($name);
        $reply = $this->run(
            fn (CData $arguments, ?CData $secrets, int $count, CData $out, CData $error): int =>
                $this->ffi->pwv_call($target, $name, $arguments, $secrets, $count, $out, $error),
            $arguments,
            $secrets
        );
        try {
            $document = (string) $this->document($reply);
            $found = [];
            $out = $this->ffi->new('pwv_slice');
            while ($this->ffi->pwv_secret($reply, count($found), FFI::addr($out)) === 0) {
                $found[] = new Secret(self::text($out));
            }
            return new Reply($document, $found);
        } finally {
            $this->ffi->pwv_close($reply);
        }
    }

    public function close(int $handle): void
    {
        $this->ffi->pwv_close($handle);
    }

    public function libraryVersion(): string
    {
        $out = $this->ffi->new('pwv_slice');
        return $this->ffi->pwv_library_version(FFI::addr($out)) === 0 ? self::text($out) : 'unknown';
    }

    /**
     * How many handles are open in this process: for tests and monitoring.
     */
    public function liveHandles(): int
    {
        return $this->ffi->pwv_debug_live_handles();
    }

    /**
     * The header for a library at `$library`, as the ini setting `ffi.preload` wants it.
     */
    public static function header(string $library): string
    {
        $header = (string) file_get_contents(self::RESOURCES . '/pwvault.ffi.h');
        return (string) preg_replace('/^#define FFI_LIB .*$/m', "#define FFI_LIB \"$library\"", $header);
    }

    /**
     * Where a library that is not preloaded is looked for, the first that is there first.
     */
    public static function find(): string
    {
        $named = getenv('PWVAULT_LIBRARY');
        if (is_string($named) && $named !== '') {
            return $named;
        }
        $own = self::RESOURCES . '/' . self::fileName();
        return is_file($own) ? $own : self::fileName();
    }

    /**
     * @return array{0: FFI, 1: string} and where it is from
     */
    private static function load(?string $library): array
    {
        if ($library === null) {
            try {
                return [FFI::scope(self::SCOPE), 'the preloaded library'];
            } catch (FFI\Exception) {
                $library = self::find();
            }
        }
        // This class is preloaded, and FFI open to it: no other code may have it load what it likes.
        if (PHP_SAPI !== 'cli' && strtolower((string) ini_get('ffi.enable')) === 'preload') {
            throw new LibraryUnavailable(
                'with ffi.enable=preload no library is taken but that of the ini setting ffi.preload; ' . self::HINT
            );
        }
        if (str_contains($library, '/') && !is_file($library)) {
            throw new LibraryUnavailable("there is no library at $library; " . self::HINT);
        }
        try {
            $header = (string) preg_replace('/^#.*$/m', '', self::header($library));
            return [FFI::cdef($header, $library), $library];
        } catch (FFI\Exception $error) {
            throw new LibraryUnavailable("$library cannot be loaded: {$error->getMessage()}; " . self::HINT, 0, $error);
        }
    }

    private function closeWithRequest(): void
    {
        if (PHP_ZTS) {
            return; // Other threads of this process have requests of their own; destructors must do.
        }
        $close = fn () => $this->ffi->pwv_close_all();
        $close();
        // Registered once more when the request ends, so that it comes after those of the host.
        register_shutdown_function(fn () => register_shutdown_function($close));
    }

    /**
     * @param \Closure(CData, ?CData, int, CData, CData): int $function
     * @param list<Secret> $secrets
     */
    private function run(\Closure $function, string $document, array $secrets): int
    {
        $count = count($secrets);
        [$given, $kept] = $this->slice($document);
        $slices = $count === 0 ? null : $this->ffi->new("pwv_slice[$count]");
        $buffers = [];
        $out = $this->ffi->new('uint64_t');
        $error = $this->ffi->new('uint64_t');
        try {
            foreach ($secrets as $place => $secret) {
                [$slice, $buffer] = $this->slice($secret->expose());
                $slices[$place] = $slice;
                $buffers[] = $buffer;
            }
            $status = $function($given, $slices, $count, FFI::addr($out), FFI::addr($error));
        } finally {
            foreach (array_filter($buffers) as $buffer) {
                FFI::memset($buffer, 0, FFI::sizeof($buffer));
            }
        }
        return $status === 0 ? $out->cdata : throw $this->fault($status, $error->cdata);
    }

    private function fault(int $status, int $error): Fault
    {
        $document = $error === 0 ? null : $this->document($error);
        $this->ffi->pwv_close($error);
        return Fault::of($document ?? (string) json_encode(['code' => $status, 'message' => 'no more is known']));
    }

    private function document(int $handle): ?string
    {
        $out = $this->ffi->new('pwv_slice');
        return $this->ffi->pwv_document($handle, FFI::addr($out)) === 0 ? self::text($out) : null;
    }

    /**
     * @return array{0: CData, 1: CData|null} a slice, and the bytes that it points to
     */
    private function slice(#[\SensitiveParameter] string $bytes): array
    {
        $length = strlen($bytes);
        $slice = $this->ffi->new('pwv_slice');
        if ($length === 0) {
            return [$slice, null];
        }
        $buffer = $this->ffi->new("uint8_t[$length]");
        FFI::memcpy($buffer, $bytes, $length);
        $slice->data = $this->ffi->cast('uint8_t *', FFI::addr($buffer));
        $slice->len = $length;
        return [$slice, $buffer];
    }

    private static function text(CData $slice): string
    {
        return $slice->len === 0 ? '' : FFI::string($slice->data, $slice->len);
    }

    private static function fileName(): string
    {
        return match (PHP_OS_FAMILY) {
            'Darwin' => 'libpwvault.dylib',
            'Windows' => 'pwvault.dll',
            default => 'libpwvault.so',
        };
    }
}
