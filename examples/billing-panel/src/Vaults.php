<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\KekSource;
use Pwvault\Vault;

/**
 * Where the vault of this panel is: a directory with its database, its key and its id.
 *
 * A real panel keeps the key apart from the database, so that a backup of one is no backup of both.
 */
final class Vaults
{
    /** The role that may do everything. */
    private const FULL = 'full';

    /** Which key: 32 hexadecimal digits of the host's choice. */
    private const KEK = '4b454b31000040008000000000000001';

    public static function create(string $directory): Vault
    {
        $id = self::newId();
        $vault = Vault::create(...self::places($directory, $id), kek: self::kek($directory, true), fullAccess: self::FULL);
        file_put_contents("$directory/vault.id", $id);
        return $vault;
    }

    public static function open(string $directory): Vault
    {
        $id = trim((string) @file_get_contents("$directory/vault.id"));
        return Vault::open(...self::places($directory, $id), kek: self::kek($directory, false));
    }

    /**
     * @return array{dsn: string, vault: string}
     */
    private static function places(string $directory, string $id): array
    {
        return ['dsn' => "sqlite:$directory/vault.db", 'vault' => $id];
    }

    private static function kek(string $directory, bool $create): KekSource
    {
        return KekSource::file(id: self::KEK, path: "$directory/vault.kek", create: $create);
    }

    /** A random UUID, version 4. */
    private static function newId(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
