<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\Connect;
use Pwvault\Exception\Denied;
use Pwvault\Exception\NotFound;
use Pwvault\Exception\State;
use Pwvault\Model\ConnectorKind;
use Pwvault\Model\Action;
use Pwvault\Model\DeliveryError;
use Pwvault\Model\GrantChange;
use Pwvault\Model\Grantee;
use Pwvault\Model\MessageState;
use Pwvault\Model\Need;
use Pwvault\Model\NoticeKind;
use Pwvault\Model\Person;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\ServerAccess;
use Pwvault\Model\ServerRule;
use Pwvault\Model\ServiceRef;
use Pwvault\Model\SignOn;
use Pwvault\Model\SignOnOutcome;
use Pwvault\PwvaultException;

/**
 * What other languages give as callbacks is pulled in PHP: messages, sign-ons, service permits.
 */
final class PulledTest extends VaultTestCase
{
    public function testMessagesAreClaimedAcknowledgedAndTriedAgain(): void
    {
        $vault = self::vault();
        $staff = self::staff($vault);
        $contact = ['person' => Person::admin('1'), 'name' => 'Sam', 'email' => 'sam@example.com', 'wantsMail' => true];
        $staff->syncPrincipals([$contact + ['roles' => [], 'departments' => [], 'groups' => [], 'permissions' => []]], []);
        $current = $staff->settings();
        $reminders = $current->settings->reminders->with(onChange: true);
        $staff->updateSettings($current->settings->with(reminders: $reminders), $current->revision);
        $client = $vault->session(PrincipalKind::client('7', []));
        $entry = $client->createEntry(['name' => 'Mail', 'password' => 'hunter2']);
        $client->share($entry, [GrantChange::put(Grantee::admin('1'), [Action::View, Action::Reveal])]);
        $client->updateEntry($entry, 2, ['password' => 'hunter3']);
        $mailer = $vault->session(PrincipalKind::system());
        self::thrown(Denied::class, fn () => $staff->claimMessages(10, 60_000));
        $claimed = $mailer->claimMessages(limit: 10, leaseMs: 60_000);
        self::assertSame(NoticeKind::SecretChanged, $claimed[0]->message->notice->kind);
        self::assertSame('sam@example.com', $claimed[0]->message->contact->email);
        self::assertNotSame('', $claimed[0]->message->rendered->subject);
        $id = $claimed[0]->message->id;
        $state = $mailer->failMessage($id, $claimed[0]->claim, DeliveryError::permanent('no such mailbox'));
        self::assertSame(MessageState::Dead, $state);
        self::assertSame('no such mailbox', $staff->deadLetters(null, 10)[0]->failure);
        self::thrown(State::class, fn () => $mailer->acknowledgeMessage($id, $claimed[0]->claim));
        $staff->retryMessages([$id]);
        $again = $mailer->claimMessages(10, 60_000);
        self::assertSame($id, $again[0]->message->id);
        $mailer->acknowledgeMessage($id, $again[0]->claim);
        self::assertSame([0, 0], [$staff->outboxStatus()->due, $staff->outboxStatus()->dead]);
    }

    public function testTheHostSignsInAndTellsWhatCameOfIt(): void
    {
        $kind = new ConnectorKind(
            name: 'directadmin',
            needs: [Need::Host, Need::Username, Need::Password],
            givesUrl: true,
            testsLogin: false,
            services: []
        );
        $staff = self::staff(self::vault(pulledConnectors: [$kind]));
        self::assertEquals([$kind], $staff->connectors());
        $draft = ['name' => 'web1', 'kind' => 'server', 'username' => 'root', 'password' => 'hunter2'];
        $entry = $staff->createEntry($draft);
        $access = new ServerAccess('directadmin', 'web1.example.com:2222', ServerRule::unrestricted());
        $staff->setServer($entry, 1, $access);
        $handed = $staff->beginSignOn($entry);
        self::assertSame(['root', 'hunter2'], [$handed->username, $handed->secret->expose()]);
        self::assertEquals($access, $handed->access);
        $signedOn = new SignOn(url: 'https://web1.example.com:2222/session');
        $done = $staff->acknowledgeSignOn($handed->permit, SignOnOutcome::signedOn($signedOn));
        self::assertSame('https://web1.example.com:2222/session', $done->url->expose());
        $second = $staff->beginSignOn($entry);
        self::thrown(Connect::class, fn () => $staff->acknowledgeSignOn($second->permit, SignOnOutcome::refused()));
    }

    public function testAPermitOfAServiceIsForItsPersonAndService(): void
    {
        $vault = self::vault();
        $staff = self::staff($vault);
        $current = $staff->settings();
        $staff->updateSettings($current->settings->with(serviceEntries: true), $current->revision);
        $service = new ServiceRef(id: '31', client: '7');
        $client = $vault->session(PrincipalKind::client('7', []));
        $permit = $client->authorizeServiceReveal($service);
        $client->checkServicePermit($permit, $service);
        $other = $service->with(id: '32');
        self::thrown(PwvaultException::class, fn () => $client->checkServicePermit($permit, $other));
        $stranger = $vault->session(PrincipalKind::client('8', []));
        self::thrown(NotFound::class, fn () => $stranger->authorizeServiceReveal($service));
    }

    public function testCheckpointsAreKeptByTheHost(): void
    {
        $staff = self::staff(self::vault());
        // One is made for every thousand events.
        $entry = $staff->createEntry(['name' => 'Mail', 'password' => 'x']);
        for ($times = 0; $times < 1_000; $times++) {
            $staff->reveal($entry);
        }
        self::assertSame(0, $staff->makeCheckpoints()->made);
        $kept = $staff->logCheckpoints(shard: 0, above: 0);
        $texts = array_column($kept, 'text');
        self::assertNotSame([], $texts);
        $staff->createEntry(['name' => 'Web', 'password' => 'x']);
        self::assertSame([], $staff->verifyLog(['checkpoints' => $texts])->findings);
        $grown = [str_replace("\n" . $kept[0]->head->size . "\n", "\n9999\n", $texts[0])];
        self::thrown(PwvaultException::class, fn () => $staff->verifyLog(['checkpoints' => $grown]));
    }
}
