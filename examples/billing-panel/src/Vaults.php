<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Library;
use Pwvault\Model\KekSource;
use Pwvault\Vault;

/**
 * Where the vault of this panel is: a directory with its database, its key, and the ids of both.
 *
 * A real panel has the ids in its configuration, and the key apart from the database, so that a backup of one is no
 * backup of both.
 */
final class Vaults
{
    /** The role that may do everything. */
    private const FULL = 'full';

    public static function create(string $directory): Vault
    {
        $ids = ['vault' => Library::newVaultId(), 'kek' => Library::newKekId()];
        file_put_contents("$directory/ids.json", json_encode($ids, JSON_THROW_ON_ERROR));
        return Vault::create("sqlite:$directory/vault.db", $ids['vault'], self::kek($directory, $ids['kek'], true), self::FULL);
    }

    public static function open(string $directory): Vault
    {
        $ids = json_decode((string) file_get_contents("$directory/ids.json"), true, 2, JSON_THROW_ON_ERROR);
        return Vault::open("sqlite:$directory/vault.db", $ids['vault'], self::kek($directory, $ids['kek'], false));
    }

    public static function areIn(string $directory): bool
    {
        return is_file("$directory/ids.json");
    }

    private static function kek(string $directory, string $id, bool $create): KekSource
    {
        return KekSource::file(id: $id, path: "$directory/vault.kek", create: $create);
    }
}
