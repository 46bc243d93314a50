<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * A way to the library. Documents are JSON without secrets; the secrets they name travel beside them.
 *
 * Handles are numbers. They belong to the transport that gave them, and end with the request.
 */
interface Transport
{
    /**
     * Opens or creates a vault, and gives its handle.
     *
     * @param list<Secret> $secrets
     * @throws PwvaultException
     */
    public function open(string $options, array $secrets): int;

    /**
     * Begins a session of a vault, and gives its handle.
     *
     * @param list<Secret> $secrets
     * @throws PwvaultException
     */
    public function session(int $vault, string $options, array $secrets): int;

    /**
     * Calls an operation of a vault or session, or of the library itself where the target is 0.
     *
     * @param list<Secret> $secrets
     * @throws PwvaultException
     */
    public function call(int $target, string $name, string $arguments, array $secrets): Reply;

    /**
     * Closes a handle. Closing one that is closed does nothing.
     */
    public function close(int $handle): void;

    /**
     * The version of the library behind it, such as `0.1.0`.
     *
     * @throws PwvaultException
     */
    public function libraryVersion(): string;
}
