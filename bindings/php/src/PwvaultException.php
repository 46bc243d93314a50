<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * Everything that this package throws. No message holds a secret or a person's data.
 */
interface PwvaultException extends \Throwable
{
    /**
     * A frozen name for programs, such as `NOT_FOUND`.
     */
    public function name(): string;

    /**
     * Facts for programs; `key` leads to the words in other languages.
     *
     * @return array<string, mixed>
     */
    public function detail(): array;
}
