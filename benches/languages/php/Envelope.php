<?php

declare(strict_types=1);

/**
 * What a careful host would write over PHP's openssl: a data key for each record, wrapped under a key derived
 * for that record (HKDF-SHA256), AES-256-GCM for both, bound to the record's id.
 */
final class Envelope
{
    public function __construct(#[\SensitiveParameter] private readonly string $key)
    {
    }

    public function seal(string $record, #[\SensitiveParameter] string $plain): string
    {
        $fresh = random_bytes(32);
        return self::encrypt($this->wrapping($record), $record, $fresh) . self::encrypt($fresh, $record, $plain);
    }

    public function open(string $record, string $sealed): string
    {
        $fresh = self::decrypt($this->wrapping($record), $record, substr($sealed, 0, 60));
        return self::decrypt($fresh, $record, substr($sealed, 60));
    }

    private function wrapping(string $record): string
    {
        return hash_hkdf('sha256', $this->key, 32, "envelope\0$record");
    }

    private static function encrypt(#[\SensitiveParameter] string $key, string $record, string $plain): string
    {
        $nonce = random_bytes(12);
        $sealed = openssl_encrypt($plain, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $nonce, $tag, $record);
        return $nonce . $sealed . $tag;
    }

    private static function decrypt(#[\SensitiveParameter] string $key, string $record, string $sealed): string
    {
        [$nonce, $body, $tag] = [substr($sealed, 0, 12), substr($sealed, 12, -16), substr($sealed, -16)];
        $plain = openssl_decrypt($body, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $nonce, $tag, $record);
        return is_string($plain) ? $plain : throw new RuntimeException('the envelope does not open');
    }
}
