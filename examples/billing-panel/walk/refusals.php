<?php

/**
 * What visitors are told of each fault of the vault: what it is about where they can mend it, and a reference to the log
 * where only the operator can.
 */

declare(strict_types=1);

use Panel\Refusal;
use Pwvault\Exception\Codes;

require __DIR__ . '/../src/autoload.php';

$log = tempnam(sys_get_temp_dir(), 'pwvault-refusals-');
ini_set('error_log', $log);
$operators = ['AUDIT', 'CRYPTO', 'INTERNAL', 'KEK', 'NO_VAULT', 'OTHER', 'PROVIDER', 'STORE', 'TAMPERED'];
$wrong = [];
$told = [];
foreach (Codes::CLASSES as $class) {
    $fault = new $class('at /srv/vault.db', []);
    $refusal = Refusal::of($fault);
    $told[$fault->name()] = $refusal->status;
    $logged = str_contains((string) file_get_contents($log), "{$fault->name()}: at /srv/vault.db");
    $shown = str_contains($refusal->text, '/srv/vault.db');
    $expected = match ($refusal->status) { 500 => [false, true], 422 => [true, false], 409 => [false, false] };
    if ([$shown, $logged] !== $expected) {
        $wrong[] = $fault->name();
    }
}
unlink($log);
foreach ($operators as $name) {
    if ($told[$name] !== 500) {
        $wrong[] = "$name is shown";
    }
}
if ($wrong !== [] || $told['INVALID'] !== 422 || $told['STATE'] !== 422) {
    echo implode(', ', $wrong), ' ', json_encode($told), "\n";
    exit(1);
}
