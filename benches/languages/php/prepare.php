<?php

// Makes what the pages open, in the folder named.

declare(strict_types=1);

use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Vault;

require __DIR__ . '/autoload.php';

[, $folder] = $argv;
$kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('*', 32)]]);
$vault = Vault::create("sqlite:$folder/vault.db", '0190b5a0-0000-7000-8000-000000000001', $kek, 'full');
$session = $vault->session(PrincipalKind::admin(id: '1', roles: ['full'], departments: []));
$entry = $session->createEntry(['name' => 'Mail server', 'username' => 'anna', 'password' => 'correct horse']);
file_put_contents("$folder/entry", $entry);
$database = new PDO("sqlite:$folder/rows.db");
$database->exec('PRAGMA journal_mode = WAL');
$database->exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)');
$database->prepare('INSERT INTO row (body) VALUES (?)')->execute([random_bytes(300)]);
