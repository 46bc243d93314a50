<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Grantee;
use Pwvault\Model\Person;
use Pwvault\Model\PrincipalKind;

/**
 * Renders templates. They are PHP files that see the values they are given, and `$view`.
 */
final class View
{
    private ?Words $words = null;

    public function __construct(public readonly Here $here)
    {
    }

    /**
     * @param array<string, mixed> $values
     */
    public function page(string $template, #[\SensitiveParameter] array $values): string
    {
        $main = $this->part($template, $values);
        return $this->part('layout', ['main' => $main, 'title' => $values['title'] ?? 'Access details']);
    }

    /**
     * @param array<string, mixed> $values
     */
    public function part(string $template, #[\SensitiveParameter] array $values = []): string
    {
        return (static function (View $view, string $template, #[\SensitiveParameter] array $values): string {
            extract($values, EXTR_SKIP);
            ob_start();
            try {
                require __DIR__ . "/../templates/$template.php";
                return (string) ob_get_contents();
            } finally {
                ob_end_clean();
            }
        })($this, $template, $values);
    }

    /** What every form carries: the token against forgery, and a number that tells it from its copy. */
    public function hidden(): string
    {
        return sprintf(
            '<input type="hidden" name="token" value="%s"><input type="hidden" name="form" value="%s">',
            e($this->here->visitor->token()),
            bin2hex(random_bytes(8))
        );
    }

    public function words(): Words
    {
        return $this->words ??= new Words($this->here->session());
    }

    /** Who is signed in, in a few words. */
    public function whoami(): string
    {
        $kind = $this->here->principal();
        $session = $this->here->session();
        $parts = match (true) {
            $kind instanceof PrincipalKind\Admin => array_map(Grantee::role(...), $kind->roles),
            $kind instanceof PrincipalKind\SubUser => [Person::client($kind->account)],
            default => [],
        };
        $names = new Names($session, $parts);
        return implode(' · ', [$session->ownPerson()->name, ...array_map($names->of(...), $parts)]);
    }
}
