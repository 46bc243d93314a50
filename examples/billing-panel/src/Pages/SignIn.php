<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Parcel;
use Panel\Response;
use Panel\Tickets;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\SignIn as SignInFault;
use Pwvault\Model\Realm;
use Pwvault\Model\SignedIn;
use Pwvault\Model\SignInStep;

/**
 * In and out, against the people that the vault's own directory holds.
 */
final class SignIn extends Page
{
    public function form(): Response
    {
        if ($this->here->principals() !== []) {
            return Response::redirect('/entries');
        }
        return $this->here->page('sign-in', $this->values($this->here->request->query('as'), '', ''));
    }

    public function signIn(): Response
    {
        $request = $this->here->request;
        $realm = $request->line('realm');
        $login = $request->line('login');
        try {
            $step = $this->here->vault->signInWithPassword(
                $this->here->context(),
                $realm === 'staff' ? Realm::Staff : Realm::Clients,
                $login,
                $request->text('password')
            );
        } catch (SignInFault | Invalid) {
            $fault = 'That did not work. Check name and password; after several failures in a row, wait a minute.';
            return $this->here->page('sign-in', $this->values($realm, $login, $fault), 422);
        }
        if ($step instanceof SignInStep\SecondFactor) {
            $key = Parcel::leave($this->here->visitor, 'factor', $step->token->expose());
            return Response::redirect('/sign-in/code')->withCookie(Parcel::COOKIE, $key);
        }
        return $this->begin($step->value);
    }

    public function codeForm(): Response
    {
        return $this->here->page('code', ['title' => 'Second factor', 'fault' => '']);
    }

    public function code(): Response
    {
        $token = Parcel::open($this->here->visitor, $this->here->request, 'factor');
        if ($token === null) {
            return Response::redirect('/sign-in');
        }
        try {
            $signedIn = $this->here->vault->signInWithSecondFactor($this->here->context(), $token, $this->here->request->line('code'));
        } catch (SignInFault | Invalid) {
            $fault = 'This code does not fit. Each code is good once, for half a minute.';
            return $this->here->page('code', ['title' => 'Second factor', 'fault' => $fault], 422);
        }
        return $this->begin($signedIn)->withCookie(Parcel::COOKIE, '');
    }

    public function signOut(): Response
    {
        if ($this->here->principals() !== []) {
            $this->here->tickets()->end($this->here->session());
        }
        $this->here->visitor->signOut();
        $this->here->visitor->tell('You are signed out.');
        return Response::redirect('/sign-in')->withCookie(Tickets::COOKIE, '')->withCookie(Parcel::COOKIE, '');
    }

    /** For which of several accounts a user acts. */
    public function account(): Response
    {
        if ($this->here->principals() === []) {
            return Response::redirect('/sign-in');
        }
        $this->here->visitor->actFor((int) $this->here->request->line('number'));
        return $this->here->done('/entries');
    }

    private function begin(SignedIn $signedIn): Response
    {
        $this->here->visitor->signIn($signedIn);
        return Response::redirect($this->here->visitor->wanted());
    }

    /**
     * @return array<string, string>
     */
    private function values(string $realm, string $login, string $fault): array
    {
        $realm = $realm === 'client' ? 'client' : 'staff';
        return ['title' => 'Sign in', 'realm' => $realm, 'login' => $login, 'fault' => $fault];
    }
}
