<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\Locked;
use Pwvault\Exception\WrongAnswer;
use Pwvault\Model\Action;
use Pwvault\Model\Challenge;
use Pwvault\Model\GrantChange;
use Pwvault\Model\Grantee;
use Pwvault\Model\KeyCustody;
use Pwvault\Model\KeyGeneration;
use Pwvault\Model\KeyOwner;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\Recovery;
use Pwvault\Model\SetMaster;
use Pwvault\Model\UnlockAnswer;
use Pwvault\Secret;
use Pwvault\Session;
use Pwvault\TicketJar;
use Pwvault\Vault;

/**
 * The unlock windows: what is asked, what answers it, and how the ticket goes from request to request.
 */
final class WindowsTest extends VaultTestCase
{
    private const WHO = ['kind' => ['client' => ['id' => '7', 'groups' => []]]];

    public function testAPassphraseOpensAKeyOfTheVault(): void
    {
        $vault = self::vault();
        [$session, $key] = self::keyed($vault, KeyCustody::passphrase('open sesame'));
        $entry = $session->createEntry(['name' => 'Bank', 'password' => 'hunter2', 'keys' => [$key->id]]);
        $locked = self::thrown(Locked::class, fn () => $session->reveal($entry));
        self::assertEquals($session->challenge($entry), $locked->anyOf());
        [$challenge] = array_filter($locked->anyOf(), fn ($one) => $one instanceof Challenge\Passphrase);
        self::assertSame([$key->id, $key->fingerprint], [$challenge->key, $challenge->fingerprint]);
        $wrong = fn () => $session->unlock(UnlockAnswer::passphrase($key->id, 'hunter2'));
        self::assertStringNotContainsString('hunter2', self::thrown(WrongAnswer::class, $wrong)->getMessage());
        $ticket = $session->unlock(UnlockAnswer::passphrase($key->id, 'open sesame'));
        self::opensWith($vault, $entry, $ticket);
    }

    public function testAPemOpensAKeyThatTheVaultDoesNotHold(): void
    {
        $vault = self::vault();
        [$session, $key] = self::keyed($vault, KeyCustody::publicOnly());
        $entry = $session->createEntry(['name' => 'Bank', 'password' => 'hunter2', 'keys' => [$key->id]]);
        [$challenge] = $session->challenge($entry);
        self::assertInstanceOf(Challenge\PrivateKey::class, $challenge);
        $ticket = $session->unlock(['private_key' => ['key' => $challenge->key, 'pem' => $key->privatePem]]);
        self::opensWith($vault, $entry, $ticket);
    }

    public function testAMasterPasswordOpensItsOwnersSection(): void
    {
        $vault = self::vault();
        self::allowMasterPasswords($vault);
        $session = $vault->session(self::WHO);
        $entry = $session->createEntry(['name' => 'Bank', 'password' => 'hunter2']);
        $session->setMasterPassword(new SetMaster('long and mine', 'long and mine', Recovery::Code));
        [$challenge] = $session->challenge($entry);
        self::assertInstanceOf(Challenge\MasterPassword::class, $challenge);
        $ticket = $session->unlock(UnlockAnswer::masterPassword($challenge->owner, 'long and mine'));
        self::opensWith($vault, $entry, $ticket);
    }

    public function testATicketIsGoodForWhoUnlockedAlone(): void
    {
        $vault = self::vault();
        [$session, $key] = self::keyed($vault, KeyCustody::passphrase('open sesame'));
        $entry = $session->createEntry(['name' => 'Bank', 'password' => 'hunter2', 'keys' => [$key->id]]);
        $session->share($entry, [GrantChange::put(Grantee::client('8'), [Action::View, Action::Reveal])]);
        $ticket = $session->unlock(UnlockAnswer::passphrase($key->id, 'open sesame'));
        $other = fn (Secret $ticket) => $vault->session(PrincipalKind::client('8', []), tickets: [$ticket]);
        self::thrown(Locked::class, fn () => $other($ticket)->reveal($entry));
        $own = $other($ticket)->unlock(UnlockAnswer::passphrase($key->id, 'open sesame'));
        self::assertSame('hunter2', $other($own)->reveal($entry)->password->expose());
    }

    public function testAJarKeepsTicketsFromRequestToRequest(): void
    {
        $jar = new TicketJar(null);
        self::assertSame([], $jar->tickets());
        $tickets = [new Secret(random_bytes(32)), new Secret(random_bytes(32))];
        array_map($jar->keep(...), $tickets);
        $kept = unserialize(serialize($jar->sealed()));
        foreach ($kept as $place => $sealed) {
            self::assertStringNotContainsString($tickets[$place]->expose(), (string) base64_decode($sealed));
        }
        $spoilt = substr_replace($kept[0], strrev(substr($kept[0], -8)), -8);
        $found = new TicketJar($jar->cookie(), [...$kept, 'nonsense', '', 5, $spoilt]);
        self::assertTrue(count($found->tickets()) === 2 && $found->tickets()[1]->equals($tickets[1]));
        self::assertSame([$jar->cookie(), $kept], [$found->cookie(), $found->sealed()]);
        foreach ([null, '', 'short', strrev($jar->cookie()), (new TicketJar(null))->cookie()] as $cookie) {
            self::assertSame([], (new TicketJar($cookie, $kept))->tickets());
        }
        for ($more = 0; $more < 20; $more++) {
            $jar->keep(new Secret("ticket $more"));
        }
        self::assertCount(16, $jar->tickets());
        self::assertTrue($jar->tickets()[15]->equals('ticket 19'));
    }

    public function testAJarOfPhpNeedsASession(): void
    {
        $this->expectException(\LogicException::class);
        TicketJar::ofSession();
    }

    /**
     * The next requests open with the ticket from the jar, until it is given back.
     */
    private static function opensWith(Vault $vault, string $entry, Secret $ticket): void
    {
        $jar = new TicketJar(null);
        $jar->keep($ticket);
        $again = new TicketJar($jar->cookie(), $jar->sealed());
        $next = $vault->session(self::WHO, tickets: $again->tickets());
        self::assertSame('hunter2', $next->reveal($entry)->password->expose());
        $kept = $again->tickets();
        $again->lock($next);
        self::assertSame([], $again->sealed());
        $last = $vault->session(self::WHO, tickets: $kept);
        self::thrown(Locked::class, fn () => $last->reveal($entry));
    }

    /**
     * @return array{0: Session, 1: \Pwvault\Model\GeneratedKey}
     */
    private static function keyed(Vault $vault, KeyCustody $custody): array
    {
        $session = $vault->session(self::WHO);
        $key = $session->generateKey(new KeyGeneration('Mine', KeyOwner::client('7'), $custody));
        return [$session, $key];
    }

    private static function allowMasterPasswords(Vault $vault): void
    {
        $staff = self::staff($vault);
        $current = $staff->settings();
        $kdf = $current->settings->kdf->with(memoryKib: 19456, passes: 2, lanes: 1);
        $staff->updateSettings($current->settings->with(masterPasswords: true, kdf: $kdf), $current->revision);
    }
}
