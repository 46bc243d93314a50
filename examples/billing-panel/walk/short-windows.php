<?php

/**
 * Lets windows close after a minute, which is the shortest: for the walk, which cannot wait for longer.
 *
 * usage: php walk/short-windows.php DIRECTORY
 */

declare(strict_types=1);

use Panel\Vaults;
use Pwvault\Model\PrincipalKind;

require __DIR__ . '/../src/autoload.php';

$rhea = Vaults::open($argv[1])->session(PrincipalKind::admin(id: 'rhea', roles: ['full']));
$now = $rhea->settings();
$rhea->updateSettings($now->settings->with(ticketIdleMs: 60_000), $now->revision);
