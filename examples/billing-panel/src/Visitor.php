<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\SignedIn;

/**
 * What the panel remembers between the requests of one browser. No secret is in it: sign-ins are an id
 * and a generation; unlock tickets and parked bytes are sealed (`TicketJar`, `Parcel`).
 */
final class Visitor
{
    private const IDLE_SECONDS = 30 * 60;
    private const REMEMBERED_FORMS = 40;
    private const REMEMBERED_LISTS = 10;

    private function __construct()
    {
    }

    public static function begin(string $directory): self
    {
        if (!is_dir("$directory/sessions")) {
            mkdir("$directory/sessions", 0700);
        }
        session_save_path("$directory/sessions");
        session_name('panel');
        session_start([
            'use_strict_mode' => true,
            'use_only_cookies' => true,
            'cookie_httponly' => true,
            'cookie_samesite' => 'Lax',
            'cookie_secure' => self::isSecure(),
            'cache_limiter' => '',
            'gc_maxlifetime' => self::IDLE_SECONDS,
            'gc_probability' => 1,
        ]);
        if (time() - ($_SESSION['seen'] ?? time()) > self::IDLE_SECONDS) {
            $_SESSION = isset($_SESSION['person']) ? ['told' => 'You were signed out after half an hour without use.'] : [];
        }
        $_SESSION['seen'] = time();
        $_SESSION['token'] ??= bin2hex(random_bytes(32));
        return new self();
    }

    public static function isSecure(): bool
    {
        return !in_array($_SERVER['HTTPS'] ?? '', ['', 'off'], true);
    }

    /** Where somebody wanted to go who has to sign in first. */
    public function wanted(): string
    {
        $path = $_SESSION['wanted'] ?? '/entries';
        unset($_SESSION['wanted']);
        return $path;
    }

    public function wants(string $path): void
    {
        $_SESSION['wanted'] = $path;
    }

    /** What every form of this browser carries, and no other site knows. */
    public function token(): string
    {
        return $_SESSION['token'];
    }

    public function isToken(string $given): bool
    {
        return hash_equals($this->token(), $given);
    }

    /** A new session id, so that one that was planted before the sign-in is worth nothing. */
    public function signIn(SignedIn $signedIn): void
    {
        session_regenerate_id(true);
        $_SESSION = ['seen' => time(), 'token' => bin2hex(random_bytes(32)), 'wanted' => $this->wanted()];
        $_SESSION['person'] = [[$signedIn->id->case() => $signedIn->id->value], $signedIn->generation];
    }

    /** @return array{0: array<string, string>, 1: int}|null the person of the sign-in, and its generation */
    public function person(): ?array
    {
        return $_SESSION['person'] ?? null;
    }

    public function signOut(): void
    {
        $_SESSION = [];
        session_regenerate_id(true);
        $_SESSION['token'] = bin2hex(random_bytes(32));
    }

    /** For which account a user of several acts; null until one is chosen. */
    public function account(): ?string
    {
        return $_SESSION['account'] ?? null;
    }

    public function actFor(string $account): void
    {
        $_SESSION['account'] = $account;
        unset($_SESSION['pages']);
    }

    /** A line that the next page shows. */
    public function tell(string $text): void
    {
        $_SESSION['told'] = $text;
    }

    public function told(): string
    {
        $text = $_SESSION['told'] ?? '';
        unset($_SESSION['told']);
        return $text;
    }

    /** Where a form led that was sent already; a form sent twice does its work once. */
    public function led(string $form): ?string
    {
        return $_SESSION['forms']["f$form"] ?? null;
    }

    public function leads(string $form, string $path): void
    {
        if ($form !== '') {
            $_SESSION['forms'] = array_slice([...$_SESSION['forms'] ?? [], "f$form" => $path], -self::REMEMBERED_FORMS);
        }
    }

    /** The places where the pages of a list begin: they are opaque, and addresses stay short. */
    public function pageStart(string $list, int $page): ?string
    {
        return $_SESSION['pages'][$list][$page] ?? null;
    }

    public function pageStarts(string $list, int $page, string $cursor): void
    {
        $_SESSION['pages'][$list][$page] = $cursor;
        if (count($_SESSION['pages']) > self::REMEMBERED_LISTS) {
            array_shift($_SESSION['pages']);
        }
    }

    public function park(string $name, ?string $sealed): void
    {
        $_SESSION['parked'][$name] = $sealed;
    }

    public function parked(string $name): ?string
    {
        return $_SESSION['parked'][$name] ?? null;
    }
}
