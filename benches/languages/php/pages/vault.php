<?php

// Opens a vault and reveals an entry. The way to the library is in the query.

declare(strict_types=1);

use Pwvault\FfiTransport;
use Pwvault\HelperTransport;
use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Vault;

require getenv('BENCH_AUTOLOAD');

$transport = match ($_GET['way']) {
    'preloaded' => new FfiTransport(),
    'cdef' => new FfiTransport(getenv('BENCH_LIBRARY')),
    'socket' => HelperTransport::connect(getenv('BENCH_SOCKET')),
    'pipes' => HelperTransport::start(getenv('BENCH_HELPER')),
};
$kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('*', 32)]]);
$dsn = 'sqlite:' . dirname($_SERVER['SCRIPT_FILENAME']) . '/vault.db';
$vault = Vault::open($dsn, '0190b5a0-0000-7000-8000-000000000001', $kek, transport: $transport);
$session = $vault->session(PrincipalKind::admin(id: '1', roles: ['full'], departments: []));
echo $session->reveal($_GET['entry'])->password->expose();
