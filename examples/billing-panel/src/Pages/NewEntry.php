<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Response;
use Panel\Words;
use Pwvault\Exception\Generate;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\InvalidArgument;
use Pwvault\Exception\QuotaReached;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\EntryKind;
use Pwvault\Model\FieldDraft;
use Pwvault\Model\Generated;
use Pwvault\Model\PassphraseOptions;
use Pwvault\Model\PasswordOptions;
use Pwvault\Model\Recipe;
use Pwvault\Model\Strength;

/**
 * Adding an entry, with the generator.
 */
final class NewEntry extends Page
{
    private const TEXTS = ['name', 'kind', 'username', 'website', 'loginUrl', 'password', 'notes', 'fieldName', 'fieldValue'];

    public function form(): Response
    {
        return $this->page(array_fill_keys(self::TEXTS, ''), 200);
    }

    public function create(): Response
    {
        $given = $this->given();
        $fields = $given['fieldName'] === ''
            ? []
            : [new FieldDraft($given['fieldName'], $given['fieldValue'], $this->here->request->line('fieldSecret') !== '')];
        try {
            $id = $this->here->session()->createEntry(new EntryDraft(
                name: trim($given['name']),
                kind: EntryKind::tryFrom($given['kind']) ?? EntryKind::Login,
                username: $given['username'],
                website: trim($given['website']),
                loginUrl: trim($given['loginUrl']),
                password: $given['password'],
                notes: $given['notes'],
                fields: $fields,
                private: $this->here->request->line('private') !== ''
            ));
        } catch (Invalid | InvalidArgument | Generate | QuotaReached $refused) {
            return $this->page($given, 422, Words::sentence($refused->getMessage()));
        }
        return $this->here->done("/entries/$id", 'Added.');
    }

    /**
     * A password for the form: as JSON to the page's script, or into the form where there is none.
     */
    public function generate(): Response
    {
        $request = $this->here->request;
        $session = $this->here->session();
        $words = $request->line('recipe') === 'passphrase';
        $policy = $session->generatorPolicy();
        $recipe = $words
            ? Recipe::passphrase(new PassphraseOptions(digit: true, capitals: true))
            : Recipe::password(new PasswordOptions(
                length: max(4, min(128, (int) $request->line('length') ?: $policy->lengthDefault)),
                symbols: $request->line('symbols') !== '',
                excludeAmbiguous: $request->line('unambiguous') !== ''
            ));
        try {
            $made = $session->generate($recipe);
        } catch (Generate | Invalid $refused) {
            $fault = Words::sentence($refused->getMessage());
            return $request->wantsJson() ? Response::json(['fault' => $fault], 422) : $this->page($this->given(), 422, $fault);
        }
        $strength = $session->strength($made->text, []);
        if ($request->wantsJson()) {
            return Response::json(['text' => $made->text->expose(), 'score' => $strength->score, 'said' => self::said($made, $strength)]);
        }
        $given = [...$this->given(), 'password' => $made->text->expose()];
        return $this->page($given, 200, '', $strength->score, self::said($made, $strength));
    }

    private static function said(Generated $made, Strength $strength): string
    {
        $names = ['very weak', 'weak', 'fair', 'strong', 'very strong'];
        return sprintf('%s, %d bits', ucfirst($names[$strength->score] ?? 'unknown'), (int) $made->entropyBits);
    }

    /**
     * @return array<string, string>
     */
    private function given(): array
    {
        $values = [];
        foreach (self::TEXTS as $name) {
            $values[$name] = $this->here->request->text($name);
        }
        return $values;
    }

    /**
     * @param array<string, string> $given
     */
    private function page(#[\SensitiveParameter] array $given, int $status, string $fault = '', int $score = 0, string $said = ''): Response
    {
        return $this->here->page('new-entry', [
            'title' => 'Add access details',
            'given' => $given,
            'fault' => $fault,
            'policy' => $this->here->session()->generatorPolicy(),
            'score' => $score,
            'said' => $said,
        ], $status);
    }
}
