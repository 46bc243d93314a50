<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Exception\Busy;
use Pwvault\Exception\Csv;
use Pwvault\Exception\Ended;
use Pwvault\Exception\InUse;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\People;
use Pwvault\Exception\QuotaReached;
use Pwvault\Exception\ReasonRequired;
use Pwvault\Exception\Rule;
use Pwvault\Exception\Sharing;
use Pwvault\Exception\State;
use Pwvault\Exception\TooMany;
use Pwvault\Exception\UnexpectedLock;
use Pwvault\Exception\VersionConflict;
use Pwvault\Exception\WrongAnswer;
use Pwvault\Fault;

/**
 * How a fault of the vault is told: what people can mend in its own words, and all else as a reference to the log of the
 * server, for paths and keys are nothing to a visitor.
 */
final class Refusal
{
    /** What people can mend. */
    private const MENDED = [
        Busy::class, Csv::class, Ended::class, InUse::class, Invalid::class, People::class, QuotaReached::class,
        ReasonRequired::class, Rule::class, Sharing::class, State::class, TooMany::class, UnexpectedLock::class,
        WrongAnswer::class,
    ];

    private function __construct(public readonly int $status, public readonly string $title, public readonly string $text)
    {
    }

    public static function of(Fault $fault): self
    {
        if ($fault instanceof VersionConflict) {
            return new self(
                409,
                'Someone was faster',
                'It was changed by someone else in the meantime. Nothing was overwritten: look at it again.'
            );
        }
        if (in_array(get_class($fault), self::MENDED, true)) {
            return new self(422, 'That was refused', Words::sentence($fault->getMessage()));
        }
        $reference = bin2hex(random_bytes(4));
        error_log("[$reference] {$fault->name()}: {$fault->getMessage()}");
        return new self(
            500,
            'The vault is not well',
            "Look whether it was done before you try again. Whoever runs this panel finds more in the log of its server, under $reference."
        );
    }
}
