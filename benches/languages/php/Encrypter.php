<?php

declare(strict_types=1);

/**
 * A payload in the form that Laravel publishes: base64 of JSON with `iv`, `value`, `mac` and `tag`; AES-256-CBC,
 * and HMAC-SHA256 over iv and value.
 */
final class Encrypter
{
    public function __construct(#[\SensitiveParameter] private readonly string $key)
    {
    }

    public function seal(#[\SensitiveParameter] string $plain): string
    {
        $iv = random_bytes(16);
        $value = openssl_encrypt(serialize($plain), 'aes-256-cbc', $this->key, 0, $iv);
        $iv = base64_encode($iv);
        $mac = hash_hmac('sha256', $iv . $value, $this->key);
        return base64_encode((string) json_encode(
            ['iv' => $iv, 'value' => $value, 'mac' => $mac, 'tag' => ''],
            JSON_UNESCAPED_SLASHES
        ));
    }

    public function open(string $payload): string
    {
        $parts = json_decode((string) base64_decode($payload, true), true);
        if (!is_array($parts) || !isset($parts['iv'], $parts['value'], $parts['mac'])) {
            throw new RuntimeException('the payload is invalid');
        }
        if (!hash_equals(hash_hmac('sha256', $parts['iv'] . $parts['value'], $this->key), $parts['mac'])) {
            throw new RuntimeException('the mac is invalid');
        }
        $iv = (string) base64_decode($parts['iv'], true);
        $plain = openssl_decrypt($parts['value'], 'aes-256-cbc', $this->key, 0, $iv);
        return is_string($plain)
            ? unserialize($plain, ['allowed_classes' => false])
            : throw new RuntimeException('the payload does not open');
    }
}
