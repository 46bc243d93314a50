<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Effect;
use Pwvault\Model\Permission;
use Pwvault\Model\Principal;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\RequestContext;
use Pwvault\Model\Section;
use Pwvault\Model\SignedIn;
use Pwvault\Model\Surface;
use Pwvault\Session;
use Pwvault\Vault;

/**
 * All that a page has at hand: the request, the vault, who is signed in, and ways to answer.
 */
final class Here
{
    private ?SignedIn $signedIn = null;
    private ?Session $session = null;
    private Tickets $tickets;

    public function __construct(
        public readonly string $data,
        public readonly Request $request,
        public readonly Visitor $visitor,
        public readonly Vault $vault
    ) {
        $this->tickets = Tickets::of($request);
    }

    /**
     * Takes up the sign-in of earlier requests, with the rights the person has now.
     *
     * @throws \Pwvault\Exception\SignIn when it has ended
     */
    public function resume(): bool
    {
        $person = $this->visitor->person();
        if ($person === null) {
            return false;
        }
        [$id, $generation] = $person;
        $this->signedIn = $this->vault->resumeSignIn($this->context(), $id, $generation);
        return true;
    }

    /** What the vault lets this person do, in this request. */
    public function session(): Session
    {
        return $this->session ??= $this->begin();
    }

    /** The same for a reason that the person gave. */
    public function sessionBecause(string $reason): Session
    {
        return $this->session = $this->begin($reason === '' ? null : $reason);
    }

    /** The same with one more ticket. */
    public function unlocked(#[\SensitiveParameter] \Pwvault\Secret $ticket): Session
    {
        $this->tickets = $this->tickets->with($ticket);
        return $this->session = $this->begin();
    }

    public function tickets(): Tickets
    {
        return $this->tickets;
    }

    public function principal(): PrincipalKind
    {
        $all = $this->principals();
        $principal = $all[$this->visitor->account()] ?? $all[0];
        return $principal instanceof Principal ? $principal->kind : $principal;
    }

    /**
     * @return list<Principal|PrincipalKind> whom the person may act for: users may have several accounts
     */
    public function principals(): array
    {
        return $this->signedIn->principals ?? [];
    }

    public function isStaff(): bool
    {
        return $this->principal() instanceof PrincipalKind\Admin;
    }

    /** Whether a section is open. Asked before its operations are: what is refused is logged, what is asked is not. */
    public function mayEnter(Section $section): bool
    {
        return $this->isStaff() && $this->session()->explainSection($section)->effect === Effect::Allow;
    }

    /** Whether categories are there for the person: to staff by a section, to users of an account by permissions. */
    public function maySort(): bool
    {
        $kind = $this->principal();
        if ($kind instanceof PrincipalKind\SubUser) {
            return in_array(Permission::Share, $kind->permissions, true);
        }
        return $kind instanceof PrincipalKind\Client || $this->mayEnter(Section::Categories);
    }

    /** From where somebody asks: it stands in the log beside what was done. */
    public function context(?string $reason = null): RequestContext
    {
        $surface = $this->signedIn === null ? Surface::Api : ($this->isStaff() ? Surface::AdminArea : Surface::ClientArea);
        return new RequestContext(
            surface: $surface,
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

    private function begin(?string $reason = null): Session
    {
        return $this->vault->session($this->principal(), $this->context($reason), $this->tickets->all());
    }
}
