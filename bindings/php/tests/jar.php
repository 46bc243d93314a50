<?php

// A page with a jar in PHP's own session. JarTest asks for it.

declare(strict_types=1);

use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Secret;
use Pwvault\TicketJar;
use Pwvault\Vault;

require __DIR__ . '/bootstrap.php';

$kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('k', 32)]]);
$vault = Vault::create('memory:', '0190b5a0-0000-7000-8000-000000000001', $kek, 'full');
session_start();
$jar = TicketJar::ofSession();
$found = array_map(static fn (Secret $ticket): string => $ticket->expose(), $jar->tickets());
$session = $vault->session(PrincipalKind::admin('1', ['full']), tickets: $jar->tickets());
try {
    match ($_GET['do'] ?? '') {
        'keep' => $jar->keep(new Secret(str_repeat('t', 32))),
        'late' => [print("output\n"), flush(), $jar->keep(new Secret(str_repeat('u', 32)))],
        'lock' => $jar->lock($session),
        default => null,
    };
} catch (LogicException $refused) {
    $found[] = $refused->getMessage();
}
echo json_encode([$found, count($_SESSION[TicketJar::NAME] ?? []), serialize($_SESSION)]);
