<?php

declare(strict_types=1);

namespace Panel;

/**
 * Bytes that one request leaves for the next, such as an uploaded file between preview and import.
 * They are sealed in the session, and the key is in a cookie: neither half is worth anything alone.
 */
final class Parcel
{
    public const COOKIE = 'parcel';

    /** @return string the key, for the cookie */
    public static function leave(Visitor $visitor, string $name, #[\SensitiveParameter] string $bytes): string
    {
        $key = sodium_crypto_secretbox_keygen();
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $visitor->park($name, base64_encode($nonce . sodium_crypto_secretbox($bytes, $nonce, $key)));
        return bin2hex($key);
    }

    public static function open(Visitor $visitor, Request $request, string $name): ?string
    {
        $sealed = base64_decode((string) $visitor->parked($name));
        $key = $request->cookie(self::COOKIE);
        if ($sealed === '' || preg_match('/^[0-9a-f]{64}$/D', $key) !== 1) {
            return null;
        }
        [$nonce, $box] = [substr($sealed, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), substr($sealed, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES)];
        $bytes = sodium_crypto_secretbox_open($box, $nonce, (string) hex2bin($key));
        return $bytes === false ? null : $bytes;
    }

    public static function drop(Visitor $visitor, string $name): void
    {
        $visitor->park($name, null);
    }
}
