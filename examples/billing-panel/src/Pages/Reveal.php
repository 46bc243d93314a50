<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Brake;
use Panel\Response;
use Panel\Words;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\Locked;
use Pwvault\Exception\ReasonRequired;
use Pwvault\Exception\WrongAnswer;
use Pwvault\Model\Challenge;
use Pwvault\Model\Owner;
use Pwvault\Model\UnlockAnswer;
use Pwvault\Session;

/**
 * Secrets, and the windows that open the locked ones.
 *
 * A secret is shown by the answer to a form and kept nowhere: a reload asks, and is logged as a reveal of
 * its own. What the page of an entry is otherwise, `Entries` says.
 */
final class Reveal extends Page
{
    public function reveal(string $id): Response
    {
        return $this->show($id, $this->here->sessionBecause($this->here->request->line('reason')));
    }

    /** What the page opens itself with a private key that stays there. The vault logs it as a reveal. */
    public function sealed(string $id): Response
    {
        try {
            $sealed = $this->here->session()->sealedFor($id, $this->here->request->line('key'));
            return Response::json(['sealed' => $sealed]);
        } catch (\Pwvault\Fault $fault) {
            return Response::json(['fault' => Words::sentence($fault->getMessage())], 422);
        }
    }

    /** Answers a challenge. The jar keeps the ticket, so that the next requests need no answer. */
    public function unlock(): Response
    {
        $request = $this->here->request;
        $brake = Brake::ofPerson($this->here->data, $this->here->visitor->person()[0]);
        $answer = $request->line('way') === 'passphrase'
            ? UnlockAnswer::passphrase($request->line('key'), $request->text('answer'))
            : UnlockAnswer::masterPassword($this->owner(), $request->text('answer'));
        if (!$brake->take()) {
            return $this->wrong('Too many attempts failed. Wait ten minutes.', 429);
        }
        try {
            $session = $this->here->unlocked($this->here->session()->unlock($answer));
        } catch (WrongAnswer | Invalid $refused) {
            return $this->wrong(Words::sentence($refused->getMessage()) . ' Try again; capitals and spaces count.', 422);
        }
        $brake->giveBack();
        if ($request->line('entry') !== '') {
            return $this->show($request->line('entry'), $session);
        }
        return $this->here->done($this->then(), 'Unlocked. It locks itself after fifteen minutes without use.');
    }

    public function lock(): Response
    {
        $this->here->jar->lock($this->here->session());
        return $this->here->done($this->then(), 'Locked.');
    }

    private function show(string $id, Session $session): Response
    {
        $entries = new Entries($this->here);
        try {
            $secret = $session->reveal($id);
            return $this->here->page('entry', [...$entries->values($id), 'secret' => $secret]);
        } catch (Locked $locked) {
            return $this->here->page('entry', [...$entries->values($id), 'challenges' => $locked->anyOf() ?? []]);
        } catch (ReasonRequired) {
            return $this->here->page('entry', [...$entries->values($id), 'askReason' => true]);
        }
    }

    /** The window once more, with what is wrong. */
    private function wrong(string $text, int $status): Response
    {
        $request = $this->here->request;
        $entry = $request->line('entry');
        if ($entry !== '') {
            $challenges = $this->here->session()->challenge($entry);
            $values = [...(new Entries($this->here))->values($entry), 'challenges' => $challenges, 'wrong' => $text];
            return $this->here->page('entry', $values, $status);
        }
        $challenges = [$request->line('way') === 'passphrase'
            ? new Challenge\Passphrase($request->line('key'), '')
            : new Challenge\MasterPassword($this->owner())];
        $values = ['title' => 'Locked', 'challenges' => $challenges, 'then' => $this->then(), 'wrong' => $text];
        return $this->here->page('locked', $values, $status);
    }

    private function owner(): Owner
    {
        $id = $this->here->request->line('owner');
        return $this->here->request->line('sort') === 'admin' ? Owner::admin($id) : Owner::client($id);
    }

    /** A path of this panel and nothing else, so that no form leads to another site. */
    private function then(): string
    {
        $path = $this->here->request->line('then');
        return preg_match('#^/(entries|categories|import)(/[0-9a-z-]+)*$#D', $path) === 1 ? $path : '/entries';
    }
}
