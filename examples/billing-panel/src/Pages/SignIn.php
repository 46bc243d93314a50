<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Brake;
use Panel\Names;
use Panel\Parcel;
use Panel\Response;
use Panel\Words;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\SignIn as SignInFault;
use Pwvault\Model\Person;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\Realm;
use Pwvault\Model\SignedIn;
use Pwvault\Model\SignInStep;

/**
 * In and out, against the people that the vault's own directory holds. The vault bounds how often somebody may
 * try, and says the same to everybody whose sign-in it refuses; `Brake` bounds how often an address may.
 */
final class SignIn extends Page
{
    private const PARCEL = 'factor';

    public function form(): Response
    {
        if ($this->here->isSignedIn()) {
            return Response::redirect('/entries');
        }
        return $this->page($this->here->request->query('as'), '', '', 200);
    }

    public function signIn(): Response
    {
        $request = $this->here->request;
        $realm = $request->line('realm');
        $login = $request->line('login');
        $brake = Brake::ofAddress($this->here->data, $request->ip());
        if (!$brake->take()) {
            return $this->page($realm, $login, 'Too many attempts from your network failed. Wait ten minutes.', 429);
        }
        try {
            $step = $this->here->vault->signInWithPassword(
                $this->here->context(),
                $realm === 'client' ? Realm::Clients : Realm::Staff,
                $login,
                $request->text('password')
            );
        } catch (SignInFault | Invalid $refused) {
            return $this->page($realm, $login, Words::sentence($refused->getMessage()), 422);
        }
        $brake->giveBack();
        if ($step instanceof SignInStep\SecondFactor) {
            $key = Parcel::leave($this->here->visitor, self::PARCEL, $step->token->expose());
            return Response::redirect('/sign-in/code')->withCookie(Parcel::COOKIE, $key);
        }
        return $this->begin($step->value);
    }

    public function codeForm(): Response
    {
        return $this->token() === null ? Response::redirect('/sign-in') : $this->codePage('', 200);
    }

    public function code(): Response
    {
        $token = $this->token();
        if ($token === null) {
            return Response::redirect('/sign-in');
        }
        try {
            $signedIn = $this->here->vault->signInWithSecondFactor($this->here->context(), $token, $this->here->request->line('code'));
        } catch (SignInFault | Invalid $refused) {
            return $this->codePage(Words::sentence($refused->getMessage()), 422);
        }
        return $this->begin($signedIn)->withCookie(Parcel::COOKIE, '');
    }

    /** For whom a person acts who may act for several. */
    public function accounts(): Response
    {
        if (!$this->here->isSignedIn()) {
            return Response::redirect('/sign-in');
        }
        $accounts = [];
        foreach ($this->here->principals() as $principal) {
            if ($principal instanceof PrincipalKind\SubUser) {
                $account = Person::client($principal->account);
                $accounts[$principal->account] = (new Names($this->here->begin($principal), [$account]))->of($account);
            }
        }
        return $this->here->page('account', ['title' => 'For whom?', 'accounts' => $accounts]);
    }

    public function account(): Response
    {
        $this->here->visitor->actFor($this->here->request->line('account'));
        return $this->here->done($this->here->visitor->wanted());
    }

    public function signOut(): Response
    {
        if ($this->here->principal() !== null) {
            $this->here->jar->lock($this->here->session());
        }
        $this->here->visitor->signOut();
        $this->here->visitor->tell('You are signed out.');
        return Response::redirect('/sign-in')->withCookie(Parcel::COOKIE, '');
    }

    private function begin(SignedIn $signedIn): Response
    {
        $this->here->visitor->signIn($signedIn);
        return Response::redirect($this->here->visitor->wanted());
    }

    /** What the first step left for the second. */
    private function token(): ?string
    {
        return Parcel::open($this->here->visitor, $this->here->request, self::PARCEL);
    }

    private function page(string $realm, string $login, string $fault, int $status): Response
    {
        $realm = $realm === 'client' ? 'client' : 'staff';
        return $this->here->page('sign-in', ['title' => 'Sign in', 'realm' => $realm, 'login' => $login, 'fault' => $fault], $status);
    }

    private function codePage(string $fault, int $status): Response
    {
        return $this->here->page('code', ['title' => 'Second factor', 'fault' => $fault], $status);
    }
}
