<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Here;
use Panel\Names;
use Panel\Response;
use Panel\Words;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\InvalidArgument;
use Pwvault\Exception\Sharing as SharingFault;
use Pwvault\Model\Action;
use Pwvault\Model\GrantChange;
use Pwvault\Model\Grantee;
use Pwvault\Model\GrantTerms;
use Pwvault\Model\Obligations;
use Pwvault\Model\Section;
use Pwvault\Model\UnitId;
use Pwvault\Model\UnitKind;

/**
 * Who else gets at an entry.
 */
final class Sharing extends Page
{
    /** The role that is offered to those who may not read the directory. */
    private const SUPPORT = 'support-only';

    public function form(string $id): Response
    {
        return $this->page($id, '', 200);
    }

    public function share(string $id): Response
    {
        $request = $this->here->request;
        $grantee = self::grantee($request->line('grantee'));
        $email = $request->line('email');
        $actions = array_values(array_filter(array_map(Action::tryFrom(...), $request->ticked('actions'))));
        if ($grantee === null && $email === '') {
            return $this->page($id, 'Choose a role, or give the e-mail address of a client.', 422);
        }
        try {
            if ($request->line('remove') !== '' && $grantee !== null) {
                $this->here->session()->share($id, [GrantChange::remove($grantee)]);
                return $this->here->done("/entries/$id/share", 'That grant has ended.');
            }
            if ($email !== '') {
                $this->here->session()->shareByEmail($id, $email, $actions);
                return $this->here->done("/entries/$id/share", 'Shared, if there is a client of this address.');
            }
            $this->here->session()->share($id, [GrantChange::put($grantee, $actions, $this->terms())]);
        } catch (SharingFault | Invalid | InvalidArgument $refused) {
            return $this->page($id, Words::sentence($refused->getMessage()), 422);
        }
        return $this->here->done("/entries/$id/share", 'Shared.');
    }

    /** @return array<string, string> roles by id, with their names */
    public static function roles(Here $here): array
    {
        if (!$here->may(Section::Directory)) {
            $support = Grantee::role(self::SUPPORT);
            return [self::SUPPORT => (new Names($here->session(), [$support]))->of($support)];
        }
        $roles = [];
        foreach ($here->session()->units(UnitKind::Role) as $unit) {
            if ($unit->id instanceof UnitId\Role) {
                $roles[$unit->id->value] = $unit->name;
            }
        }
        return $roles;
    }

    private function terms(): ?GrantTerms
    {
        $day = \DateTimeImmutable::createFromFormat('!Y-m-d', $this->here->request->line('until'), new \DateTimeZone('UTC'));
        $reason = $this->here->request->line('reason') !== '';
        if ($day === false && !$reason) {
            return null;
        }
        return new GrantTerms(
            endsAt: $day === false ? null : $day->modify('+1 day'),
            obligations: $reason ? new Obligations(reason: true, approval: false) : null
        );
    }

    private function page(string $id, string $fault, int $status): Response
    {
        $session = $this->here->session();
        $grants = $session->grants($id);
        return $this->here->page('share', [
            'title' => 'Share',
            'entry' => $session->entry($id),
            'grants' => $grants,
            'names' => new Names($session, [...array_column($grants, 'grantee'), ...array_column($grants, 'grantedBy')]),
            'roles' => self::roles($this->here),
            'fault' => $fault,
        ], $status);
    }

    private static function grantee(string $text): ?Grantee
    {
        [$sort, $id] = [...explode(':', $text, 2), ''];
        return match (true) {
            $id === '' => null,
            $sort === 'role' => Grantee::role($id),
            $sort === 'admin' => Grantee::admin($id),
            $sort === 'client' => Grantee::client($id),
            default => null,
        };
    }
}
