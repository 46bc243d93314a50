<?php

/**
 * What happens elsewhere while the walk goes on: `short-windows` lets windows close after a minute, which is the
 * shortest, `off` switches Sal off and `on` on again.
 *
 * usage: php walk/meanwhile.php DIRECTORY short-windows|off|on
 */

declare(strict_types=1);

use Panel\Vaults;
use Pwvault\Model\PersonId;
use Pwvault\Model\PersonPatch;
use Pwvault\Model\PrincipalKind;

require __DIR__ . '/../src/autoload.php';

$rhea = Vaults::open($argv[1])->session(PrincipalKind::admin(id: 'rhea', roles: ['full']));
if ($argv[2] === 'short-windows') {
    $now = $rhea->settings();
    $rhea->updateSettings($now->settings->with(ticketIdleMs: 60_000), $now->revision);
} else {
    $sal = PersonId::admin('sal');
    $rhea->updatePerson($sal, $rhea->person($sal)->version, new PersonPatch(active: $argv[2] === 'on'));
}
