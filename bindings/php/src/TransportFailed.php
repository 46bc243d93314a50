<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * The way to the library broke, or what came over it made no sense. Whether the call was done is not
 * known, and nothing is tried again: look before you repeat it.
 */
final class TransportFailed extends \RuntimeException implements PwvaultException
{
    public function name(): string
    {
        return 'TRANSPORT_FAILED';
    }

    public function detail(): array
    {
        return [];
    }
}
