<?php

// Fails with a secret in its hands, as the argument says. CanaryTest looks at what is shown of it.

declare(strict_types=1);

use Pwvault\Model\EntryDraft;
use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\Realm;
use Pwvault\Model\UnlockAnswer;
use Pwvault\Vault;

require __DIR__ . '/bootstrap.php';

$canary = 'canary-7f3a-of-the-mine';
$id = '0190b5a0-0000-7000-8000-000000000001';
$kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('k', 32)]]);
$vault = Vault::create('memory:', $id, $kek, 'full');
$session = $vault->session(PrincipalKind::admin('1', ['full']));
match ($argv[1]) {
    'key' => $session->createEntry(['name' => 'a', 'password' => $canary, 'pasword' => $canary]),
    'name' => $session->createEntry(new EntryDraft(password: $canary)),
    'unlock' => $session->unlock(UnlockAnswer::passphrase($id, $canary)),
    'sign-in' => $vault->signInWithPassword([], Realm::Staff, 'anna', $canary),
    'open' => Vault::open('memory:', $id, ['keys' => [['id' => str_repeat('07', 16), 'key' => $canary]]]),
    'closed' => [$session->close(), $session->createEntry(['name' => 'a', 'password' => $canary])],
    'type' => new EntryDraft(name: 5, password: $canary),
};
