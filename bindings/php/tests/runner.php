<?php

// Does what standard input asks, one line for each request, over FFI, or over the helper that TEST_HELPER names.
// bindings/c/runner.c says what the lines are.

declare(strict_types=1);

use Pwvault\Exception\Codes;
use Pwvault\Fault;
use Pwvault\FfiTransport;
use Pwvault\HelperTransport;
use Pwvault\Secret;

require __DIR__ . '/bootstrap.php';

$helper = (string) getenv('TEST_HELPER');
$transport = $helper === '' ? new FfiTransport() : HelperTransport::start($helper);
$hex = static fn (string $bytes): string => $bytes === '' ? '-' : bin2hex($bytes);
$bytes = static fn (string $word): string => $word === '-' ? '' : (string) hex2bin($word);
$secrets = static fn (array $words): array => array_map(
    static fn (string $word): Secret => Secret::of($bytes($word)),
    array_values($words)
);

while (($line = fgets(STDIN)) !== false) {
    $words = explode(' ', rtrim($line, "\n"));
    try {
        switch ($words[0]) {
            case 'open':
                $done = (string) $transport->open($bytes($words[1]), $secrets(array_slice($words, 2)));
                break;
            case 'session':
                $target = (int) $words[1];
                $done = (string) $transport->session($target, $bytes($words[2]), $secrets(array_slice($words, 3)));
                break;
            case 'close':
                $transport->close((int) $words[1]);
                $done = '';
                break;
            default:
                $given = $secrets(array_slice($words, 4));
                $reply = $transport->call((int) $words[1], $words[2], $bytes($words[3]), $given);
                $parts = array_map(static fn (Secret $secret): string => $hex($secret->expose()), $reply->secrets);
                $done = implode(' ', [$hex($reply->document), ...$parts]);
        }
        echo rtrim("ok $done"), "\n";
    } catch (Fault $fault) {
        if (get_class($fault) !== (Codes::CLASSES[$fault->getCode()] ?? null)) {
            throw $fault;
        }
        $document = ['code' => $fault->getCode(), 'name' => $fault->name(), 'message' => $fault->getMessage(),
            'detail' => $fault->detail()];
        echo 'error ', $hex(json_encode($document, JSON_THROW_ON_ERROR)), "\n";
    }
}
