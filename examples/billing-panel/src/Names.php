<?php

declare(strict_types=1);

namespace Panel;

use Pwvault\Model\Assignment;
use Pwvault\Model\Grantee;
use Pwvault\Model\Named;
use Pwvault\Model\Owner;
use Pwvault\Model\Person;
use Pwvault\Session;

/**
 * What the ids of a page are called: asked of the vault at once, and shown one by one. Of whom the visitor may
 * not know the name, a common one is shown.
 */
final class Names
{
    /** @var array<string, string|null> */
    private array $names = [];

    /**
     * @param iterable<Owner|Grantee|Person|Assignment> $all
     */
    public function __construct(Session $session, iterable $all)
    {
        $named = [];
        foreach ($all as $one) {
            $named[self::key($one)] = self::named($one);
            if ($one instanceof Person\SubUser) {
                $account = Person::client($one->account);
                $named[self::key($account)] = self::named($account);
            }
        }
        $this->names = array_combine(array_keys($named), $session->names(array_values($named)));
    }

    public function of(Owner|Grantee|Person|Assignment $one): string
    {
        $name = $this->names[self::key($one)] ?? null;
        return match ($one::class) {
            Owner\Admin::class, Grantee\Admin::class, Person\Admin::class => $name ?? 'Staff',
            Owner\Client::class, Grantee\Client::class, Person\Client::class => $name ?? 'A client',
            Person\SubUser::class => ($name ?? 'A user') . ', for ' . $this->of(Person::client($one->account)),
            Grantee\Role::class => $name ?? $one->value,
            Assignment::class => $name ?? 'Another',
            Person\System::class => 'Scheduled work',
            Person\Bearer::class => 'The holder of a link',
        };
    }

    private static function named(Owner|Grantee|Person|Assignment $one): Named
    {
        return match ($one::class) {
            Owner\Admin::class, Grantee\Admin::class => Named::person(Person::admin($one->value)),
            Owner\Client::class, Grantee\Client::class => Named::person(Person::client($one->value)),
            Grantee\Role::class => Named::role($one->value),
            Assignment::class => Named::category($one->category),
            default => Named::person($one),
        };
    }

    private static function key(Owner|Grantee|Person|Assignment $one): string
    {
        return json_encode($one instanceof Assignment ? $one->category : [$one->case(), get_object_vars($one)], JSON_THROW_ON_ERROR);
    }
}
