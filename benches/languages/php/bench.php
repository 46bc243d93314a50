<?php

// Times calls from PHP, and PHP's openssl beside them; benches/languages/src/runner.rs says what is asked. The way to the
// library is that of the environment.

declare(strict_types=1);

use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Vault;

require __DIR__ . '/autoload.php';

$folder = $argv[1];
$places = [];
$place = function (string $store) use ($folder, &$places): array {
    if (!isset($places[$store])) {
        $dsn = $store === 'sqlite' ? "sqlite:$folder/vault.db" : 'memory:';
        $kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('*', 32)]]);
        $vault = Vault::create($dsn, '0190b5a0-0000-7000-8000-000000000001', $kek, 'full');
        $places[$store] = [$vault, $vault->session(PrincipalKind::admin(id: '1', roles: ['full'], departments: []))];
    }
    return $places[$store];
};

$vaults = function (string $name, string $store, int $size) use ($place): Closure {
    [$vault, $session] = $place($store);
    $password = str_repeat('x', $size);
    $create = fn (): string =>
        $session->createEntry(['name' => 'Mail server', 'username' => 'anna@example.com', 'password' => $password]);
    if ($name === 'reveal') {
        $id = $create();
        return fn (): bool => strlen($session->reveal($id)->password->expose()) === $size;
    }
    return $name === 'id' ? fn (): string => $vault->id() : $create;
};

$peers = function (string $name, int $size) use ($folder): Closure {
    $entry = ['name' => 'Mail server', 'username' => 'anna@example.com', 'password' => str_repeat('x', $size)];
    $write = fn (): string => (string) json_encode($entry);
    $read = fn (string $plain): bool => strlen(json_decode($plain, true)['password']) === $size;
    $envelope = new Envelope(random_bytes(32));
    $encrypter = new Encrypter(random_bytes(32));
    $id = random_bytes(16);
    $sealed = $envelope->seal($id, $write());
    $payload = $encrypter->seal($write());
    $table = fn (): Table => new Table("$folder/$name-$size.db", $envelope, random_bytes(32));
    switch ($name) {
        case 'openssl_seal':
            return fn (): string => $envelope->seal($id, $write());
        case 'openssl_open':
            return fn (): bool => $read($envelope->open($id, $sealed));
        case 'laravel_seal':
            return fn (): string => $encrypter->seal($write());
        case 'laravel_open':
            return fn (): bool => $read($encrypter->open($payload));
        case 'openssl_create':
            $table = $table();
            return fn (): string => $table->create($write());
        default:
            $table = $table();
            $row = $table->create($write());
            return fn (): bool => $read($table->reveal($row));
    }
};

$cases = [];
while (($line = fgets(STDIN)) !== false) {
    [$name, $store, $size, $repetitions] = explode(' ', trim($line));
    $work = $cases["$name $store $size"] ??=
        str_contains($name, '_') ? $peers($name, (int) $size) : $vaults($name, $store, (int) $size);
    $repetitions = (int) $repetitions;
    $done = true;
    $start = hrtime(true);
    for ($times = 0; $times < $repetitions; $times++) {
        $done = $work() && $done;
    }
    $took = hrtime(true) - $start;
    echo $done ? $took : 'a secret came back changed', "\n";
}
