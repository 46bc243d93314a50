<?php

declare(strict_types=1);

namespace Pwvault;

use Pwvault\Wire\Decoder;
use Pwvault\Wire\Encoder;

/**
 * Something open in the library. Closed when the last reference goes, and with the request at the latest.
 */
abstract class Handle
{
    private bool $open = true;

    /**
     * @internal
     */
    final protected function __construct(protected readonly Transport $transport, protected readonly int $handle)
    {
    }

    /**
     * Closes it. What is called on it afterwards throws `InvalidHandle`.
     */
    final public function close(): void
    {
        if ($this->open) {
            $this->open = false;
            $this->transport->close($this->handle);
        }
    }

    /**
     * Calls an operation by its name, past the types: the document of the result, and the secrets it names.
     *
     * @param string $arguments a JSON document that says `{"$secret": 0}` where a secret belongs
     * @param list<Secret|string> $secrets
     * @throws PwvaultException
     */
    final public function call(string $name, string $arguments = '{}', #[\SensitiveParameter] array $secrets = []): Reply
    {
        return $this->transport->call($this->handle, $name, $arguments, array_map(Secret::of(...), $secrets));
    }

    /**
     * @param array<string, array{0: string|array<mixed>, 1: mixed}> $arguments
     * @param string|array<mixed> $shape
     */
    final protected function invoke(string $name, #[\SensitiveParameter] array $arguments, string|array $shape): mixed
    {
        [$document, $secrets] = Encoder::document($arguments);
        return Decoder::reply($this->transport->call($this->handle, $name, $document, $secrets), $shape);
    }

    final public function __destruct()
    {
        $this->close();
    }

    /**
     * @return array{}
     */
    final public function __debugInfo(): array
    {
        return [];
    }

    /**
     * @return never
     */
    final public function __serialize(): array
    {
        throw new \LogicException(static::class . ' is not serialized; open it anew in every request');
    }

    /**
     * @param array<mixed> $data
     */
    final public function __unserialize(array $data): void
    {
        throw new \LogicException(static::class . ' is not unserialized');
    }

    final public function __clone()
    {
        throw new \LogicException(static::class . ' is not cloned; pass it on as it is');
    }
}
