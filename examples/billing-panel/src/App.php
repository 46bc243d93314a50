<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Exception\ApprovalRequired;
use Pwvault\Exception\Denied;
use Pwvault\Exception\InvalidArgument;
use Pwvault\Exception\Locked;
use Pwvault\Exception\NotFound;
use Pwvault\Exception\SignIn as SignInFault;
use Pwvault\Fault;

/**
 * From a request to a response: which page, who is signed in, and what becomes of what the vault refuses.
 */
final class App
{
    /** What a path is for: method, pattern, page and its method. `*` stands for one part, which the page is given. */
    private const ROUTES = [
        ['GET', '/', Pages\Entries::class, 'home'],
        ['GET', '/sign-in', Pages\SignIn::class, 'form'],
        ['POST', '/sign-in', Pages\SignIn::class, 'signIn'],
        ['GET', '/sign-in/code', Pages\SignIn::class, 'codeForm'],
        ['POST', '/sign-in/code', Pages\SignIn::class, 'code'],
        ['POST', '/sign-out', Pages\SignIn::class, 'signOut'],
        ['GET', '/account', Pages\SignIn::class, 'accounts'],
        ['POST', '/account', Pages\SignIn::class, 'account'],
        ['GET', '/entries', Pages\Entries::class, 'list'],
        ['GET', '/entries/new', Pages\NewEntry::class, 'form'],
        ['POST', '/entries', Pages\NewEntry::class, 'create'],
        ['POST', '/generate', Pages\NewEntry::class, 'generate'],
        ['GET', '/entries/*', Pages\Entries::class, 'show'],
        ['GET', '/entries/*/open/*', Pages\Entries::class, 'open'],
        ['GET', '/entries/*/why/*', Pages\Entries::class, 'why'],
        ['POST', '/entries/*/reveal', Pages\Reveal::class, 'reveal'],
        ['POST', '/entries/*/sealed', Pages\Reveal::class, 'sealed'],
        ['POST', '/unlock', Pages\Reveal::class, 'unlock'],
        ['POST', '/lock', Pages\Reveal::class, 'lock'],
        ['GET', '/entries/*/share', Pages\Sharing::class, 'form'],
        ['POST', '/entries/*/share', Pages\Sharing::class, 'share'],
        ['POST', '/entries/*/category', Pages\Categories::class, 'assign'],
        ['GET', '/categories', Pages\Categories::class, 'list'],
        ['POST', '/categories', Pages\Categories::class, 'create'],
        ['POST', '/categories/*/delete', Pages\Categories::class, 'delete'],
        ['GET', '/import', Pages\Import::class, 'form'],
        ['POST', '/import', Pages\Import::class, 'upload'],
        ['GET', '/import/preview', Pages\Import::class, 'preview'],
        ['POST', '/import/preview', Pages\Import::class, 'import'],
        ['GET', '/log', Pages\Log::class, 'list'],
    ];

    public function __construct(private readonly string $data)
    {
    }

    public function answer(Request $request): Response
    {
        $here = new Here($this->data, $request, Visitor::begin($this->data), Vaults::open($this->data));
        try {
            $here->resume();
        } catch (SignInFault) {
            $here->visitor->signOut();
            $here->visitor->tell('Your sign-in has ended. Sign in again.');
            return Response::redirect('/sign-in');
        }
        $found = self::route($request);
        if ($found === null) {
            return $here->notice(404, 'There is nothing here', 'This address leads nowhere.');
        }
        [$page, $method, $arguments] = $found;
        if ($here->principal() === null && $page !== Pages\SignIn::class) {
            if ($request->method === 'GET') {
                $here->visitor->wants($request->path);
            }
            return Response::redirect($here->isSignedIn() ? '/account' : '/sign-in');
        }
        return self::bad($here) ?? self::work($here, fn () => (new $page($here))->$method(...$arguments));
    }

    /** @return array{0: class-string, 1: string, 2: list<string>}|null */
    private static function route(Request $request): ?array
    {
        foreach (self::ROUTES as [$verb, $pattern, $page, $method]) {
            $expression = '#^' . str_replace('\*', '([0-9A-Za-z_-]{1,64})', preg_quote($pattern, '#')) . '$#D';
            if ($verb === $request->method && preg_match($expression, $request->path, $parts) === 1) {
                return [$page, $method, array_slice($parts, 1)];
            }
        }
        return null;
    }

    /** What is wrong with a form before anything is done with it, or where its copy led. */
    private static function bad(Here $here): ?Response
    {
        $request = $here->request;
        if ($request->method !== 'POST') {
            return null;
        }
        if ($request->isTooLarge()) {
            return $here->notice(413, 'That is too large', 'The form was larger than this server takes (' . ini_get('post_max_size') . ').');
        }
        if (!$here->visitor->isToken($request->text('token'))) {
            return $here->notice(
                403,
                'This form has expired',
                'It was opened before you signed in or out, or lay open for too long. Nothing was changed. Open the page again and send it once more.'
            );
        }
        $led = $here->visitor->led($request->line('form'));
        return $led === null ? null : Response::redirect($led);
    }

    /**
     * What the vault refuses becomes a page that helps; pages catch themselves what belongs beside a form.
     *
     * @param \Closure(): Response $work
     */
    private static function work(Here $here, \Closure $work): Response
    {
        try {
            return $work();
        } catch (Denied $denied) {
            return $here->page('denied', ['title' => 'Not allowed', 'decision' => $denied->decision(), 'entry' => null, 'action' => null], 403);
        } catch (NotFound | InvalidArgument $absent) {
            error_log(get_class($absent) . ': ' . $absent->getMessage());
            return $here->notice(404, 'There is nothing here', 'It was deleted, or it is not for you to know of. Both look the same on purpose.');
        } catch (Locked $locked) {
            return $here->page('locked', ['title' => 'Locked', 'challenges' => $locked->anyOf() ?? [], 'then' => self::back($here)]);
        } catch (ApprovalRequired) {
            return $here->notice(403, 'Someone else has to approve', 'This grant takes the approval of a second person first. Ask whoever shared the entry.');
        } catch (Fault $fault) {
            $refusal = Refusal::of($fault);
            return $here->notice($refusal->status, $refusal->title, $refusal->text);
        }
    }

    /** The page to come back to: that of the form, for a form. */
    private static function back(Here $here): string
    {
        $path = $here->request->path;
        return preg_match('#^(/entries/[0-9a-f-]+)/category$#D', $path, $parts) === 1 ? $parts[1] : $path;
    }
}
