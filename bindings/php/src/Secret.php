<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * A secret that no dump, log, trace or session file shows. `expose()` gives it, and only that.
 *
 * Wiped when the last reference goes, as far as PHP allows: copies made by `expose()` are yours.
 */
final class Secret implements \JsonSerializable
{
    /**
     * Kept beside the object: `var_export()` and array casts show the properties of an object.
     *
     * @var \WeakMap<self, string>|null
     */
    private static ?\WeakMap $texts = null;

    /**
     * @param string $bytes any bytes, null bytes among them; where a text is expected, UTF-8
     */
    public function __construct(#[\SensitiveParameter] string $bytes)
    {
        self::$texts ??= new \WeakMap();
        self::$texts[$this] = $bytes;
    }

    /**
     * The secret as it is, or a text as a secret.
     */
    public static function of(#[\SensitiveParameter] self|string $secret): self
    {
        return $secret instanceof self ? $secret : new self($secret);
    }

    /**
     * The bytes themselves. Keep them no longer than needed, and out of logs.
     *
     * @throws \LogicException when it was wiped
     */
    public function expose(): string
    {
        return self::$texts[$this] ?? throw new \LogicException('this secret was wiped');
    }

    /**
     * Whether there is nothing in it. One that was wiped is empty.
     */
    public function isEmpty(): bool
    {
        return (self::$texts[$this] ?? '') === '';
    }

    /**
     * Whether two secrets are the same, in a time that tells nothing of where they differ.
     */
    public function equals(#[\SensitiveParameter] self|string $other): bool
    {
        return hash_equals($this->expose(), self::of($other)->expose());
    }

    /**
     * Forgets the secret. Copies that PHP made elsewhere are beyond reach.
     */
    public function wipe(): void
    {
        $bytes = self::$texts[$this] ?? '';
        unset(self::$texts[$this]);
        self::forget($bytes);
    }

    /**
     * Overwrites a string of the caller where nobody else holds it.
     *
     * @internal
     */
    public static function forget(#[\SensitiveParameter] string &$bytes): void
    {
        if (function_exists('sodium_memzero') && $bytes !== '') {
            sodium_memzero($bytes);
        }
        $bytes = '';
    }

    public function __destruct()
    {
        $this->wipe();
    }

    /**
     * @return array{}
     */
    public function __debugInfo(): array
    {
        return [];
    }

    /**
     * A placeholder: call `expose()` where the secret is really meant.
     */
    public function jsonSerialize(): string
    {
        return '[secret]';
    }

    /**
     * @return never
     */
    public function __serialize(): array
    {
        throw new \LogicException('a secret is not serialized; TicketJar keeps unlock tickets across requests');
    }

    /**
     * @param array<mixed> $data
     */
    public function __unserialize(array $data): void
    {
        throw new \LogicException('a secret is not unserialized');
    }

    public function __clone()
    {
        throw new \LogicException('a secret is not cloned; pass it on as it is');
    }
}
