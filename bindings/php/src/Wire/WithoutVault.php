<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Transports;

/**
 * Calls of the library itself: those of the target that is no handle.
 *
 * @internal
 */
trait WithoutVault
{
    private function __construct()
    {
    }

    /**
     * @param array<string, array{0: string|array<mixed>, 1: mixed}> $arguments
     * @param string|array<mixed> $shape
     */
    private static function invoke(
        string $name,
        #[\SensitiveParameter] array $arguments,
        string|array $shape
    ): mixed {
        [$document, $secrets] = Encoder::document($arguments);
        return Decoder::reply(Transports::default()->call(0, $name, $document, $secrets), $shape);
    }
}
