<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * Which way to the library a request takes when none is given.
 */
final class Transports
{
    private static ?Transport $default = null;

    /**
     * One for the request: the one that was set; else a helper at the socket that the environment variable
     * PWVAULT_SOCKET names, or the program that PWVAULT_HELPER names; else FFI.
     *
     * @throws LibraryUnavailable
     */
    public static function default(): Transport
    {
        return self::$default ??= match (true) {
            (string) getenv('PWVAULT_SOCKET') !== '' => HelperTransport::connect((string) getenv('PWVAULT_SOCKET')),
            (string) getenv('PWVAULT_HELPER') !== '' => HelperTransport::start(),
            default => new FfiTransport(),
        };
    }

    /**
     * Sets it for the rest of the request.
     */
    public static function setDefault(?Transport $transport): void
    {
        self::$default = $transport;
    }
}
