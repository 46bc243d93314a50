<?php

// Calls the library as often as the argument says, over FFI or over the helper that TEST_HELPER names, and fails
// where memory grows between the first tenth and the end: that of PHP, of its process, and of the helper.

declare(strict_types=1);

use Pwvault\Exception\InvalidArgument;
use Pwvault\FfiTransport;
use Pwvault\HelperTransport;
use Pwvault\Library;
use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\Transports;
use Pwvault\Vault;

require __DIR__ . '/bootstrap.php';

$helper = (string) getenv('TEST_HELPER');
$transport = $helper === '' ? new FfiTransport() : HelperTransport::start($helper);
$processes = ['process' => 'self'];
if ($transport instanceof HelperTransport) {
    $process = (new ReflectionProperty($transport, 'process'))->getValue($transport);
    $processes['helper'] = proc_get_status($process)['pid'];
}
$measure = static function () use ($processes): array {
    gc_collect_cycles();
    $resident = static function (string|int $process): int {
        preg_match('/^VmRSS:\s+(\d+)/m', (string) file_get_contents("/proc/$process/status"), $found);
        return (int) $found[1];
    };
    return ['PHP' => intdiv(memory_get_usage(), 1024)] + array_map($resident, $processes);
};

Transports::setDefault($transport);
$kek = KekSource::keys([['id' => str_repeat('07', 16), 'key' => str_repeat('k', 32)]]);
$vault = Vault::create('memory:', '0190b5a0-0000-7000-8000-000000000001', $kek, 'full', transport: $transport);
$principal = PrincipalKind::admin('1', ['full']);
$session = $vault->session($principal);
$entry = $session->createEntry(['name' => 'Mail', 'password' => 'correct horse']);
$now = new DateTimeImmutable('2026-01-01');
$done = 0;
// One session is begun for each round, as in a request. Nothing here is logged, for the log is in memory too.
$round = static function () use ($vault, $principal, $entry, $now, &$done): void {
    $session = $vault->session($principal);
    Library::totpCode('GEZDGNBVGY3TQOJQ', $now)->code->expose();
    $session->generate(['password' => []]);
    $session->entry($entry);
    try {
        $session->entry('nonsense');
        exit(1);
    } catch (InvalidArgument) {
        $done += 5;
    }
};
$calls = (int) ($argv[1] ?? 20_000);
$start = hrtime(true);
while ($done < $calls / 10) {
    $round();
}
$first = $measure();
while ($done < $calls) {
    $round();
}
$seconds = (hrtime(true) - $start) / 1e9;
$last = $measure();
printf("%d calls in %.0f s", $done, $seconds);
foreach ($last as $what => $size) {
    printf("; %s: %d KiB, then %d", $what, $first[$what], $size);
}
echo "\n";
// What an allocator keeps varies a little; a leak of 16 bytes a call would be 14 MiB in a million.
$grown = max(array_map(static fn (int $end, int $begin): int => $end - $begin, $last, $first));
exit($last['PHP'] - $first['PHP'] <= 8 && $grown <= 1_024 ? 0 : 1);
