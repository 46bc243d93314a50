<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * Keeps unlock tickets across requests: sealed in the session of PHP, under a key that only the browser keeps.
 * Neither a copy of the session files nor the cookie alone opens anything.
 *
 *     $jar = TicketJar::ofSession(); // after session_start()
 *     $session = $vault->session($principal, tickets: $jar->tickets());
 *     $jar->keep($session->unlock($answer)); // before any output: it may set a cookie
 *
 * A host with sessions and cookies of its own makes one of what they hold, and puts `sealed()` and `cookie()` there
 * after `keep()` and `lock()`.
 */
final class TicketJar
{
    /** The cookie, and the place in `$_SESSION`. Browsers take this name for `Secure` cookies of this very host alone. */
    public const NAME = '__Host-pwvault';

    /** The oldest tickets make room. */
    private const MOST = 16;

    private readonly Secret $key;

    /** @var array<string, Secret> the tickets by how they are sealed */
    private array $tickets = [];

    private bool $isNative = false;

    /**
     * @param Secret|string|null $cookie what the browser sent; whatever is no key is replaced by a new one
     * @param iterable<mixed> $sealed what the session holds; what does not open is left out
     * @throws LibraryUnavailable without the extension sodium
     */
    public function __construct(#[\SensitiveParameter] Secret|string|null $cookie, iterable $sealed = [])
    {
        if (!function_exists('sodium_crypto_secretbox')) {
            throw new LibraryUnavailable('TicketJar needs the PHP extension sodium: load it');
        }
        $text = strtr(Secret::of($cookie ?? '')->expose(), '-_', '+/');
        $key = base64_decode($text, true);
        $fits = is_string($key) && strlen($key) === SODIUM_CRYPTO_SECRETBOX_KEYBYTES;
        $this->key = new Secret($fits ? $key : random_bytes(SODIUM_CRYPTO_SECRETBOX_KEYBYTES));
        foreach ($fits ? $sealed : [] as $one) {
            $ticket = is_string($one) ? $this->opened($one) : null;
            if ($ticket !== null) {
                $this->tickets[$one] = $ticket;
            }
        }
    }

    /**
     * The jar of `$_SESSION` and of a cookie that is `HttpOnly`, `Secure` and `SameSite=Strict`, and ends with the
     * browser. Browsers keep it over https, and for localhost.
     */
    public static function ofSession(): self
    {
        if (session_status() !== PHP_SESSION_ACTIVE) {
            throw new \LogicException('call session_start() before TicketJar::ofSession()');
        }
        $cookie = $_COOKIE[self::NAME] ?? null;
        $sealed = $_SESSION[self::NAME] ?? [];
        $jar = new self(is_string($cookie) ? $cookie : null, is_array($sealed) ? $sealed : []);
        $jar->isNative = true;
        return $jar;
    }

    /**
     * The tickets, for `Vault::session()`. Those that have ended open nothing, and harm nothing.
     *
     * @return list<Secret>
     */
    public function tickets(): array
    {
        return array_values($this->tickets);
    }

    /**
     * Keeps what `unlock()` gave.
     */
    public function keep(Secret $ticket): void
    {
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $box = sodium_crypto_secretbox($ticket->expose(), $nonce, $this->key->expose());
        $tickets = $this->tickets + [base64_encode($nonce . $box) => $ticket];
        $this->become(array_slice($tickets, -self::MOST), $this->cookie());
    }

    /**
     * Ends the tickets in the vault, and forgets them: when somebody signs out, or locks again.
     *
     * @throws PwvaultException
     */
    public function lock(Session $session): void
    {
        array_map($session->lock(...), $this->tickets());
        $this->become([], '');
    }

    /**
     * What the session holds.
     *
     * @return list<string>
     */
    public function sealed(): array
    {
        return array_map('strval', array_keys($this->tickets));
    }

    /**
     * What the browser holds, as long as anything is sealed: the key.
     */
    public function cookie(): string
    {
        return rtrim(strtr(base64_encode($this->key->expose()), '+/', '-_'), '=');
    }

    /**
     * @param array<string, Secret> $tickets
     */
    private function become(array $tickets, #[\SensitiveParameter] string $cookie): void
    {
        if ($this->isNative) {
            $attributes = ['path' => '/', 'secure' => true, 'httponly' => true, 'samesite' => 'Strict'];
            $expires = $cookie === '' ? 1 : 0;
            if (headers_sent() || !setcookie(self::NAME, $cookie, ['expires' => $expires] + $attributes)) {
                throw new \LogicException('TicketJar sets a cookie: use keep() and lock() before any output');
            }
        }
        $this->tickets = $tickets;
        if ($this->isNative) {
            $_SESSION[self::NAME] = $this->sealed();
        }
    }

    private function opened(string $sealed): ?Secret
    {
        $bytes = (string) base64_decode($sealed, true);
        $nonce = substr($bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $box = substr($bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        if (strlen($box) < SODIUM_CRYPTO_SECRETBOX_MACBYTES) {
            return null;
        }
        $ticket = sodium_crypto_secretbox_open($box, $nonce, $this->key->expose());
        return $ticket === false ? null : new Secret($ticket);
    }
}
