<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\Locked;
use Pwvault\Library;
use Pwvault\Model\Ability;
use Pwvault\Model\CategoryDraft;
use Pwvault\Model\KeyCustody;
use Pwvault\Model\KeyGeneration;
use Pwvault\Model\KeyOwner;
use Pwvault\Model\Named;
use Pwvault\Model\Permission;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\Section;
use Pwvault\Model\UnlockAnswer;
use Pwvault\Vault;

/**
 * What pages are drawn with: menus, names, and going on after a window.
 */
final class PageTest extends VaultTestCase
{
    public function testAMenuKnowsWhatIsOpen(): void
    {
        $vault = self::vault();
        $staff = self::staff($vault)->openToMe();
        self::assertContains(Section::Logs, $staff->sections);
        self::assertSame([], $staff->permissions);
        $reader = $vault->session(PrincipalKind::subUser(account: 'anna', user: 'cleo', permissions: [Permission::View]));
        $open = $reader->openToMe();
        self::assertSame([Ability::List], $open->may);
        self::assertSame([[], [Permission::View]], [$open->sections, $open->permissions]);
    }

    public function testIdsHaveNamesForWhoMayKnowThem(): void
    {
        $vault = self::vault();
        $staff = self::staff($vault);
        $staff->addRolePresets();
        $category = $staff->createCategory(new CategoryDraft('Servers'));
        $asked = [Named::role('sales'), Named::category($category), Named::role('unknown')];
        self::assertSame(['Sales Operator', 'Servers', null], $staff->names($asked));
        $anna = $vault->session(PrincipalKind::client(id: 'anna', groups: []));
        self::assertSame(['Sales Operator', null, null], $anna->names($asked));
    }

    public function testANewVaultNeedsNoIdsFromElsewhere(): void
    {
        [$id, $kek] = [Library::newVaultId(), Library::newKekId()];
        self::assertNotSame([$id, $kek], [Library::newVaultId(), Library::newKekId()]);
        $source = ['keys' => [['id' => $kek, 'key' => random_bytes(32)]]];
        $vault = Vault::create('memory:', $id, $source, 'full', transport: self::transport());
        self::assertSame([$id, $kek], [$vault->id(), $vault->kekId()]);
    }

    public function testASessionGoesOnWithATicketEvenWhereTheVaultIsOutOfSight(): void
    {
        $session = (fn () => self::staff(self::vault()))();
        $key = $session->generateKey(new KeyGeneration('Mine', KeyOwner::vault(), KeyCustody::passphrase('open sesame')));
        $entry = $session->createEntry(['name' => 'Bank', 'password' => 'hunter2', 'keys' => [$key->id]]);
        self::thrown(Locked::class, fn () => $session->reveal($entry));
        $ticket = $session->unlock(UnlockAnswer::passphrase($key->id, 'open sesame'));
        self::assertSame('hunter2', $session->withTicket($ticket->expose())->reveal($entry)->password->expose());
        self::thrown(Locked::class, fn () => $session->reveal($entry));
        $dumped = print_r((array) $session->withTicket($ticket), true);
        self::assertStringNotContainsString($ticket->expose(), $dumped);
    }
}
