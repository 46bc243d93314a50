<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Secret;
use Pwvault\Session;

/**
 * The unlock tickets of a browser, in a cookie: the server keeps none, so whoever copies its disk has
 * nothing that opens a locked entry. The vault ends them by itself after 15 idle minutes.
 */
final class Tickets
{
    public const COOKIE = 'unlocked';
    private const MOST = 6;

    /**
     * @param list<Secret> $tickets
     */
    private function __construct(private array $tickets)
    {
    }

    public static function of(Request $request): self
    {
        $tickets = [];
        foreach (array_slice(explode('.', $request->cookie(self::COOKIE)), 0, self::MOST) as $text) {
            $bytes = base64_decode(strtr($text, '-_', '+/'), true);
            if (is_string($bytes) && strlen($bytes) === 32) {
                $tickets[] = new Secret($bytes);
            }
        }
        return new self($tickets);
    }

    public function with(Secret $ticket): self
    {
        return new self(array_slice([...$this->tickets, $ticket], -self::MOST));
    }

    /**
     * @return list<Secret>
     */
    public function all(): array
    {
        return $this->tickets;
    }

    public function cookie(): string
    {
        $text = fn (Secret $ticket): string => rtrim(strtr(base64_encode($ticket->expose()), '+/', '-_'), '=');
        return implode('.', array_map($text, $this->tickets));
    }

    public function end(Session $session): void
    {
        array_map($session->lock(...), $this->tickets);
    }
}
