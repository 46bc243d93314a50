<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Action;
use Pwvault\Model\Decision;
use Pwvault\Model\DecisionWords;
use Pwvault\Model\EntryHead;
use Pwvault\Model\EntryKind;
use Pwvault\Model\EventKind;
use Pwvault\Model\Outcome;
use Pwvault\Model\Permission;
use Pwvault\Model\Phrase;
use Pwvault\Model\Problem;
use Pwvault\Model\RowPlan;
use Pwvault\Model\Section;
use Pwvault\Model\SkipReason;
use Pwvault\Model\Tier;
use Pwvault\Session;

/**
 * What the vault says as values, in the vault's own words: its catalogues have them in every language it knows.
 */
final class Words
{
    /** The language of this panel. */
    private const LOCALE = 'en';

    /** What the keys of the catalogues begin with. */
    private const KEYS = [
        Action::class => 'action',
        EntryKind::class => 'entry-kind',
        EventKind::class => 'event',
        Outcome::class => 'outcome',
        Permission::class => 'permission',
        Section::class => 'section',
        SkipReason::class => 'csv-skip',
        Tier::class => 'tier',
    ];

    /** @var array<string, string> what was said before in this request */
    private array $said = [];

    public function __construct(private readonly Session $session)
    {
    }

    /** `View, reveal` for such actions, and so on. */
    public function of(\BackedEnum ...$values): string
    {
        $keys = array_map(fn (\BackedEnum $value): string => self::KEYS[$value::class] . '-' . strtr((string) $value->value, '_', '-'), $values);
        $new = array_values(array_diff(array_unique($keys), array_keys($this->said)));
        if ($new !== []) {
            $phrases = array_map(fn (string $key): Phrase => new Phrase($key), $new);
            $this->said += array_combine($new, $this->session->say($phrases, self::LOCALE));
        }
        return self::sentence(implode(', ', array_map(fn (string $key): string => $this->said[$key], $keys)), '');
    }

    public function decision(Decision $decision): DecisionWords
    {
        return $this->session->sayDecision($decision, self::LOCALE);
    }

    /** The weakest lock says how well an entry is locked; empty when it is not. */
    public function lock(EntryHead $head): string
    {
        $locks = array_column($head->locks, 'tier');
        foreach (Tier::cases() as $tier) {
            if (in_array($tier, $locks, true)) {
                return $this->of($tier);
            }
        }
        return '';
    }

    /** What becomes of a row of an import. */
    public function row(RowPlan $plan): string
    {
        return match (true) {
            $plan instanceof RowPlan\Create => 'A new entry',
            $plan instanceof RowPlan\Duplicate => 'Known already, left as it is',
            $plan instanceof RowPlan\Skip => 'Left out: ' . lcfirst($this->of($plan->value)),
            $plan instanceof RowPlan\Bad => self::problem($plan->value),
            $plan instanceof RowPlan\Unfit => self::sentence("$plan->field: $plan->problem", ''),
            default => '',
        };
    }

    public static function problem(Problem $problem): string
    {
        $column = $problem->columnName === null ? '' : " (column $problem->columnName)";
        return self::sentence($problem->kind->message . $column, '');
    }

    /** The messages of the vault begin small and have no stop, so that they fit into sentences. */
    public static function sentence(string $message, string $stop = '.'): string
    {
        return ucfirst($message) . $stop;
    }
}
