<?php

/**
 * Tries at a challenge that come at the same time: no more of them get through than one after another. Sign-ins from
 * one network: they count together.
 */

declare(strict_types=1);

use Panel\Brake;

require __DIR__ . '/../src/autoload.php';

$person = ['admin' => 'rhea'];
if (isset($argv[1])) {
    exit(Brake::ofPerson($argv[1], $person)->take() ? 0 : 1);
}
$data = sys_get_temp_dir() . '/pwvault-tries-' . bin2hex(random_bytes(6));
mkdir("$data/sessions", 0700, true);
$all = array_map(fn () => proc_open([PHP_BINARY, __FILE__, $data], [], $pipes), range(1, 20));
$through = count(array_filter(array_map(proc_close(...), $all), fn (int $code): bool => $code === 0));
$brake = Brake::ofPerson($data, $person);
$brake->giveBack();
$after = [$brake->take(), $brake->take(), Brake::ofPerson($data, ['admin' => 'tessa'])->take()];
$sprayed = fn (string $address): bool => Brake::ofAddress($data, $address)->take();
$passed = array_sum(array_map(fn (int $host): int => (int) $sprayed("2001:db8::$host"), range(1, 60)));
$others = [$sprayed('2001:db8:0:1::1'), $sprayed('192.0.2.1')];
$files = glob("$data/sessions/*") ?: [];
touch($files[0], time() - 601);
Brake::sweep($data);
$left = glob("$data/sessions/*") ?: [];
array_map(unlink(...), $left);
rmdir("$data/sessions");
rmdir($data);
if ($through !== 8 || $after !== [true, false, true] || $passed !== 40 || $others !== [true, true] || $left !== array_slice($files, 1)) {
    echo "$through of 20 got through, then " . json_encode([$after, $passed, $others, $files, $left]) . "\n";
    exit(1);
}
