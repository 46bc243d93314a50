<?php

/**
 * Makes a vault with sample data in a new directory, through the same API as the panel itself.
 *
 * usage: php sample/seed.php DIRECTORY
 */

declare(strict_types=1);

namespace Panel\Sample;

use Pwvault\Library;
use Pwvault\Model\AccessMode;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\MailTopic;
use Pwvault\Model\Permission;
use Pwvault\Model\PersonDraft;
use Pwvault\Model\PersonId;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\StaffList;
use Pwvault\Model\SubUserPut;
use Pwvault\Session;

require __DIR__ . '/../src/autoload.php';
require __DIR__ . '/entries.php';

/** Everybody's password, so that a visitor can look through everybody's eyes. */
const PASSWORD = 'correct horse 1';

/** The passphrase of the key "Root passwords", and Bert's master password. */
const PASSPHRASE = 'blue harbour 7';
const MASTER = 'flour and water 9';

$directory = $argv[1] ?? exit("usage: php sample/seed.php DIRECTORY\n");
$vault = \Panel\Vaults::create($directory);

// Nobody can sign in yet, so the host itself vouches for the first administrator.
$rhea = $vault->session(PrincipalKind::admin(id: 'rhea', roles: ['full']));
people($rhea);
$current = $rhea->settings();
$listed = AccessMode::shared(new StaffList(admins: [], roles: ['full']));
$rhea->updateSettings($current->settings->with(accessMode: $listed, auditViews: false), $current->revision);

$tessa = $vault->session(PrincipalKind::admin(id: 'tessa', roles: ['support-only']));
$anna = $vault->session(PrincipalKind::client(id: 'anna', groups: []));
$bert = $vault->session(PrincipalKind::client(id: 'bert', groups: []));
$pem = company($rhea);
$tessa->createEntry(new EntryDraft('Own notebook', username: 'tessa', password: 'p4per-clip-Moose', private: true));
webShop($anna);
bakery($bert);
studio($vault->session(PrincipalKind::client(id: 'zoe', groups: [])));
keep("$directory/rhea.pem", $pem);
keep("$directory/mara.factor", secondFactor($vault->session(PrincipalKind::admin(id: 'mara', roles: ['sales']))));

/** Writes what its owner alone may read. */
function keep(string $file, string $text): void
{
    file_put_contents($file, $text);
    chmod($file, 0600);
}

function people(Session $rhea): void
{
    $rhea->addRolePresets();
    $staff = [
        ['rhea', 'Rhea Lindqvist', 'full'],
        ['tessa', 'Tessa Moreau', 'support-only'],
        ['sal', 'Sal Okafor', 'sales'],
        ['mara', 'Mara Voss', 'sales'],
    ];
    foreach ($staff as [$id, $name, $role]) {
        $rhea->createPerson(person(PersonId::admin($id), $name, "$id@nordwind.example", [$role]));
    }
    foreach (['anna' => 'Anna Berg', 'bert' => 'Bert Mehl', 'zoe' => 'Zoe Lind'] as $id => $name) {
        $rhea->createPerson(person(PersonId::client($id), $name, "$id@clients.example"));
    }
    foreach (['cleo' => 'Cleo Winter', 'dan' => 'Dan Okello'] as $id => $name) {
        $rhea->createPerson(person(PersonId::user($id), $name, "$id@clients.example"));
    }
    worksFor($rhea, 'cleo', 'anna', [Permission::View, Permission::Create]);
    worksFor($rhea, 'dan', 'anna', [Permission::View, Permission::Reveal]);
    worksFor($rhea, 'dan', 'zoe', [Permission::View]);
}

/**
 * @param list<Permission> $may
 */
function worksFor(Session $rhea, string $user, string $account, array $may): void
{
    $version = $rhea->person(PersonId::user($user))->version;
    $rhea->putSubUser(new SubUserPut($account, $user, $may, [MailTopic::Vault]), $version);
}

/**
 * @param list<string> $roles
 */
function person(PersonId $id, string $name, string $email, array $roles = []): PersonDraft
{
    return new PersonDraft(
        id: $id,
        name: $name,
        email: $email,
        locale: 'en',
        zone: 'Europe/Berlin',
        roles: $roles,
        password: PASSWORD
    );
}

/**
 * Switches a second factor on.
 *
 * @return string the key for an app, and the recovery codes, a line each
 */
function secondFactor(Session $person): string
{
    $factor = $person->beginSecondFactor(PASSWORD, 'Nordwind Hosting');
    $codes = $person->confirmSecondFactor(Library::totpCode($factor->key, new \DateTimeImmutable())->code);
    return implode("\n", array_map(fn ($secret): string => $secret->expose(), [$factor->key, ...$codes])) . "\n";
}
