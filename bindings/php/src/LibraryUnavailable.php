<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * The native library or its helper cannot be used; the message says what to do, and
 * `vendor/bin/pwvault-doctor` says more.
 */
final class LibraryUnavailable extends \RuntimeException implements PwvaultException
{
    public function name(): string
    {
        return 'LIBRARY_UNAVAILABLE';
    }

    public function detail(): array
    {
        return [];
    }
}
