<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * What a call gave: a document, and the secrets it names.
 */
final class Reply
{
    /**
     * @param list<Secret> $secrets
     */
    public function __construct(public readonly string $document, public readonly array $secrets)
    {
    }
}
