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
    private const CIPHER = 'aes-256-gcm';

    /** @return string the key, for the cookie */
    public static function leave(Visitor $visitor, string $name, #[\SensitiveParameter] string $bytes): string
    {
        $key = random_bytes(32);
        $nonce = random_bytes(12);
        $sealed = openssl_encrypt($bytes, self::CIPHER, $key, OPENSSL_RAW_DATA, $nonce, $tag, $name);
        $visitor->park($name, base64_encode($nonce . $tag . $sealed));
        return bin2hex($key);
    }

    public static function open(Visitor $visitor, Request $request, string $name): ?string
    {
        $sealed = base64_decode((string) $visitor->parked($name));
        $key = $request->cookie(self::COOKIE);
        if (strlen($sealed) < 28 || preg_match('/^[0-9a-f]{64}$/D', $key) !== 1) {
            return null;
        }
        [$nonce, $tag] = [substr($sealed, 0, 12), substr($sealed, 12, 16)];
        $bytes = openssl_decrypt(substr($sealed, 28), self::CIPHER, (string) hex2bin($key), OPENSSL_RAW_DATA, $nonce, $tag, $name);
        return $bytes === false ? null : $bytes;
    }

    public static function drop(Visitor $visitor, string $name): void
    {
        $visitor->park($name, null);
    }
}
