<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Action;
use Pwvault\Model\EntryHead;
use Pwvault\Model\EntryKind;
use Pwvault\Model\EventKind;
use Pwvault\Model\Grantee;
use Pwvault\Model\LockRef;
use Pwvault\Model\Outcome;
use Pwvault\Model\Owner;
use Pwvault\Model\Person;
use Pwvault\Model\Problem;
use Pwvault\Model\Reach;
use Pwvault\Model\Reason;
use Pwvault\Model\Remedy;
use Pwvault\Model\RowPlan;
use Pwvault\Model\SkipReason;
use Pwvault\Model\Tier;

/**
 * What the vault says as values, in words.
 */
final class Words
{
    /** `not_covered` as words. */
    public static function plain(\BackedEnum $case): string
    {
        return str_replace('_', ' ', (string) $case->value);
    }

    public static function kind(EntryKind $kind): string
    {
        return match ($kind) {
            EntryKind::Login => 'Login',
            EntryKind::LicenceKey => 'Licence key',
            EntryKind::Server => 'Server',
            EntryKind::Note => 'Note',
        };
    }

    /** The weakest lock says how well an entry is locked; null when it is not. */
    public static function tier(EntryHead $head): ?string
    {
        $order = Tier::cases();
        $places = array_map(fn (LockRef $lock): int => (int) array_search($lock->tier, $order, true), $head->locks);
        return $places === [] ? null : match ($order[min($places)]) {
            Tier::Vault => null,
            Tier::KeyStored => 'Key held by the vault',
            Tier::MasterPassword => 'Master password',
            Tier::KeyPassphrase => 'Key with a passphrase',
            Tier::KeyPublicOnly => 'Private key of your own',
        };
    }

    public static function owner(Owner $owner): string
    {
        return match (true) {
            $owner instanceof Owner\Client => "Client {$owner->value}",
            $owner instanceof Owner\Admin => "Staff: {$owner->value}",
            default => '',
        };
    }

    public static function grantee(Grantee $grantee): string
    {
        return match (true) {
            $grantee instanceof Grantee\Role => "Role {$grantee->value}",
            $grantee instanceof Grantee\Admin => "Staff: {$grantee->value}",
            $grantee instanceof Grantee\Client => "Client {$grantee->value}",
            default => '',
        };
    }

    /** What a form sends for a grantee. */
    public static function granteeValue(Grantee $grantee): string
    {
        return match (true) {
            $grantee instanceof Grantee\Role => "role:{$grantee->value}",
            $grantee instanceof Grantee\Admin => "admin:{$grantee->value}",
            $grantee instanceof Grantee\Client => "client:{$grantee->value}",
            default => '',
        };
    }

    public static function person(Person $person): string
    {
        return match (true) {
            $person instanceof Person\Admin, $person instanceof Person\Client => $person->value,
            $person instanceof Person\SubUser => "{$person->user} (for {$person->account})",
            $person instanceof Person\System => 'the system',
            $person instanceof Person\Bearer => 'the bearer of a link',
            default => '',
        };
    }

    /**
     * @param list<Action> $actions
     */
    public static function actions(array $actions): string
    {
        return $actions === [] ? 'nothing' : implode(', ', array_map(self::plain(...), $actions));
    }

    public static function reason(Reason $reason): string
    {
        return match (true) {
            $reason instanceof Reason\Owner => 'It is your own.',
            $reason instanceof Reason\ExtendedRole => "The role {$reason->role} may do everything with entries that are not private.",
            $reason instanceof Reason\Grant =>
                'It is shared with ' . lcfirst(self::grantee($reason->grantee)) . ' to ' . self::actions($reason->actions) . '.',
            $reason instanceof Reason\Category => 'You are in its category, which allows you to ' . self::actions($reason->actions) . '.',
            $reason instanceof Reason\Ticket => 'You work on a ticket of the client, and the entry is shared.',
            $reason instanceof Reason\AccessMode => "The access mode “{$reason->mode->value}” opens the entries of clients to you.",
            $reason instanceof Reason\RuleAllows => 'A rule allows you the section “' . self::plain($reason->section) . '”.',
            $reason instanceof Reason\RuleFullAccess => 'A rule allows you every section.',
            $reason instanceof Reason\Permission => 'Your permission “' . self::plain($reason->permission) . '” includes it.',
            $reason instanceof Reason\Account => 'The account may do this.',
            $reason instanceof Reason\AttachRight => self::grantee($reason->grantee) . ' may attach the key.',
            $reason instanceof Reason\ScheduledWork => 'Scheduled work may do this and little else.',
            $reason instanceof Reason\PrivateCase => 'The entry is private: it is for its owner alone.',
            $reason instanceof Reason\OwnedLocked => 'A master password guards your entries and is not unlocked.',
            $reason instanceof Reason\Trashed => 'The entry is in the trash.',
            $reason instanceof Reason\RuleRestricts => 'A rule closes the section “' . self::plain($reason->section) . '” to you.',
            $reason instanceof Reason\PermissionMissing => 'You lack the permission “' . self::plain($reason->permission) . '”.',
            $reason instanceof Reason\SettingOff => 'The setting “' . self::plain($reason->setting) . '” is off.',
            $reason instanceof Reason\StaffOnly => 'Only staff have this.',
            $reason instanceof Reason\OwnerOnly => 'Only the owner may do this.',
            $reason instanceof Reason\NotCovered => 'Nothing allows you to ' . self::plain($reason->action) . ' it.',
            $reason instanceof Reason\ClientForbidden => 'The settings give this client no part in the vault.',
            $reason instanceof Reason\ServiceExcluded => 'The settings exclude the product of this service.',
            $reason instanceof Reason\ServerRule => 'The server is for other roles: ' . implode(', ', $reason->roles) . '.',
            $reason instanceof Reason\KeyNotCovered => 'Nothing allows you to ' . self::plain($reason->action) . ' the key.',
            $reason instanceof Reason\SectionNotCovered => 'No rule allows you the section “' . self::plain($reason->section) . '”.',
            default => 'For a reason that this panel has no words for yet.',
        };
    }

    public static function remedy(Remedy $remedy): string
    {
        return match (true) {
            $remedy instanceof Remedy\UnlockMasterPassword => 'Unlock your master password.',
            $remedy instanceof Remedy\RestoreFromTrash => 'Have the entry restored from the trash.',
            $remedy instanceof Remedy\MakeNotPrivate => 'Ask the owner to make the entry not private.',
            $remedy instanceof Remedy\AskForGrant =>
                'Ask the owner, or someone who may share the entry, to let you ' . self::plain($remedy->action) . ' it.',
            $remedy instanceof Remedy\AskOwner => 'Ask the owner.',
            $remedy instanceof Remedy\AskForPermission => 'Ask the account for the permission “' . self::plain($remedy->permission) . '”.',
            $remedy instanceof Remedy\HoldRole => "Ask for the role {$remedy->role}.",
            $remedy instanceof Remedy\AllowSection => 'Have a rule allow you the section “' . self::plain($remedy->section) . '”.',
            $remedy instanceof Remedy\LiftRestriction => 'Have the rule changed that closes “' . self::plain($remedy->section) . '” to you.',
            $remedy instanceof Remedy\SwitchOn => 'Have the setting “' . self::plain($remedy->setting) . '” switched on.',
            default => 'Ask whoever runs this vault.',
        };
    }

    /** What is open instead, so that nobody is left at a dead end. */
    public static function reach(Reach $reach): string
    {
        $list = array_map(self::plain(...), array_values((array) get_object_vars($reach)['value']));
        $text = $list === [] ? 'nothing here' : implode(', ', $list);
        return match (true) {
            $reach instanceof Reach\Actions => "With this entry you may: $text.",
            $reach instanceof Reach\Sections => "These sections are open to you: $text.",
            $reach instanceof Reach\Permissions => "Your permissions: $text.",
            default => "You may: $text.",
        };
    }

    public static function row(RowPlan $plan): string
    {
        return match (true) {
            $plan instanceof RowPlan\Create => 'A new entry',
            $plan instanceof RowPlan\Duplicate => 'Known already, left as it is',
            $plan instanceof RowPlan\Skip => match ($plan->value) {
                SkipReason::Empty => 'Empty, left out',
                SkipReason::FirefoxAccount => 'Keys of a browser account, left out',
                SkipReason::Folder => 'A folder, left out',
            },
            $plan instanceof RowPlan\Bad => self::problem($plan->value),
            $plan instanceof RowPlan\Unfit => ucfirst("{$plan->field}: {$plan->problem}"),
            default => '',
        };
    }

    public static function problem(Problem $problem): string
    {
        $column = $problem->columnName === null ? '' : " (column {$problem->columnName})";
        return ucfirst($problem->kind->message) . $column;
    }

    public static function event(EventKind $kind): string
    {
        return ucfirst(self::plain($kind));
    }

    public static function outcome(Outcome $outcome): string
    {
        return match ($outcome) {
            Outcome::Done => 'done',
            Outcome::Denied => 'denied',
            Outcome::Failed => 'failed',
        };
    }
}
