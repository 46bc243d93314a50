<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Ability;
use Pwvault\Model\OpenToMe;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\RequestContext;
use Pwvault\Model\Section;
use Pwvault\Model\SignedIn;
use Pwvault\Model\Surface;
use Pwvault\Secret;
use Pwvault\Session;
use Pwvault\TicketJar;
use Pwvault\Vault;

/**
 * All that a page has at hand: the request, the vault, who is signed in, and ways to answer.
 */
final class Here
{
    /** What was unlocked in earlier requests. */
    public readonly TicketJar $jar;

    private ?SignedIn $signedIn = null;
    private ?Session $session = null;
    private ?OpenToMe $open = null;

    public function __construct(
        public readonly string $data,
        public readonly Request $request,
        public readonly Visitor $visitor,
        public readonly Vault $vault
    ) {
        $this->jar = TicketJar::ofSession();
    }

    /**
     * Takes up the sign-in of earlier requests, with the rights the person has now.
     *
     * @throws \Pwvault\Exception\SignIn when it has ended
     */
    public function resume(): void
    {
        $person = $this->visitor->person();
        if ($person !== null) {
            [$id, $generation] = $person;
            $this->signedIn = $this->vault->resumeSignIn($this->context(), $id, $generation);
        }
    }

    public function isSignedIn(): bool
    {
        return $this->signedIn !== null;
    }

    /**
     * @return list<PrincipalKind> whom the person may act for: users may have several accounts
     */
    public function principals(): array
    {
        return array_column($this->signedIn->principals ?? [], 'kind');
    }

    /** For whom the person acts; null until that is chosen. */
    public function principal(): ?PrincipalKind
    {
        $all = $this->principals();
        if (count($all) === 1) {
            return $all[0];
        }
        $chosen = array_filter($all, fn (PrincipalKind $one): bool => $one->account === $this->visitor->account());
        return array_values($chosen)[0] ?? null;
    }

    /** What the vault lets this person do, in this request. */
    public function session(): Session
    {
        return $this->session ??= $this->begin($this->principal());
    }

    /** The same for a reason that the person gave. */
    public function sessionBecause(string $reason): Session
    {
        return $this->session = $this->begin($this->principal(), $reason === '' ? null : $reason);
    }

    /** The same with what the ticket opens, in this request and in those to come. */
    public function unlocked(#[\SensitiveParameter] Secret $ticket): Session
    {
        $this->jar->keep($ticket);
        return $this->session = $this->session()->withTicket($ticket);
    }

    public function begin(PrincipalKind $principal, ?string $reason = null): Session
    {
        return $this->vault->session($principal, $this->context($principal, $reason), $this->jar->tickets());
    }

    /** Whether something is open to the person: pages offer nothing in vain. The vault decides again when it is done. */
    public function may(Ability|Section $what): bool
    {
        $this->open ??= $this->session()->openToMe();
        return in_array($what, $what instanceof Section ? $this->open->sections : $this->open->may, true);
    }

    /** From where somebody asks: it stands in the log beside what was done. */
    public function context(?PrincipalKind $principal = null, ?string $reason = null): RequestContext
    {
        return new RequestContext(
            surface: match (true) {
                $principal === null => Surface::Api,
                $principal instanceof PrincipalKind\Admin => Surface::AdminArea,
                default => Surface::ClientArea,
            },
            ip: $this->request->ip() ?: null,
            userAgent: $this->request->agent() ?: null,
            reason: $reason
        );
    }

    /**
     * A page in the layout.
     *
     * @param array<string, mixed> $values what the template shows
     */
    public function page(string $template, #[\SensitiveParameter] array $values = [], int $status = 200): Response
    {
        return Response::page((new View($this))->page($template, $values), $status);
    }

    /** A short page that says one thing, and where to go on. */
    public function notice(int $status, string $title, string $text, string $path = '/entries', string $label = 'Back to the list'): Response
    {
        return $this->page('notice', compact('title', 'text', 'path', 'label'), $status);
    }

    /** After a form did its work: to a page, which tells what was done. The same form again leads there too. */
    public function done(string $path, string $told = ''): Response
    {
        if ($told !== '') {
            $this->visitor->tell($told);
        }
        $this->visitor->leads($this->request->line('form'), $path);
        return Response::redirect($path);
    }
}
