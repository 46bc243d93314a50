<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\Denied;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\InvalidArgument;
use Pwvault\Exception\InvalidHandle;
use Pwvault\Exception\Kek;
use Pwvault\Exception\NotFound;
use Pwvault\Exception\UnknownOperation;
use Pwvault\Exception\VaultExists;
use Pwvault\Exception\VersionConflict;
use Pwvault\Model\Action;
use Pwvault\Model\Count;
use Pwvault\Model\Effect;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\EntryPatch;
use Pwvault\Model\EntryQuery;
use Pwvault\Model\EntrySort;
use Pwvault\Model\GrantChange;
use Pwvault\Model\Grantee;
use Pwvault\Model\Owner;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\Reason;
use Pwvault\Model\Section;
use Pwvault\Vault;

final class EntriesTest extends VaultTestCase
{
    public function testAnEntryGoesInAndComesOut(): void
    {
        $session = self::staff(self::vault());
        $secret = "null\0byte and \u{2713}";
        $id = $session->createEntry(new EntryDraft(name: 'Mail', username: 'anna', password: $secret));
        self::assertSame($secret, $session->reveal($id)->password->expose());
        $view = $session->entry($id);
        self::assertSame(['Mail', 'anna', 1], [$view->head->name, $view->head->username, $view->head->version]);
        self::assertContains(Action::Reveal, $view->actions);
        self::assertInstanceOf(Owner\Admin::class, $view->head->owner);
        self::assertSame('1', $view->head->owner->value);
        self::assertLessThan(60, abs(time() - $view->head->createdAt->getTimestamp()));
        $version = $session->updateEntry($id, 1, new EntryPatch(username: 'berta'));
        self::assertSame('berta', $session->entry($id)->head->username);
        $conflict = self::thrown(VersionConflict::class, fn () => $session->updateEntry($id, 1, ['name' => 'Post']));
        self::assertSame([1, $version, 15], [$conflict->expected(), $conflict->found(), $conflict->getCode()]);
    }

    public function testPagesAreOneGenerator(): void
    {
        $session = self::staff(self::vault());
        $names = ['a', 'b', 'c', 'd', 'e'];
        foreach ($names as $name) {
            $session->createEntry(['name' => $name, 'password' => 'x']);
        }
        $found = $session->eachEntry(new EntryQuery(sort: EntrySort::Name, limit: 2));
        self::assertSame($names, array_map(fn ($view) => $view->head->name, iterator_to_array($found)));
        self::assertEquals(new Count\Exactly(5), $session->countEntries());
        self::assertCount(5, iterator_to_array($session->eachEntry()));
        self::assertGreaterThan(5, count(iterator_to_array($session->eachLogEvent(['limit' => 2]))));
    }

    public function testSharesOpenAndEnd(): void
    {
        $vault = self::vault();
        $session = $vault->session(PrincipalKind::client(id: '7', groups: []));
        $id = $session->createEntry(['name' => 'Mail', 'password' => 'x']);
        $other = $vault->session(PrincipalKind::client(id: '8', groups: []));
        self::thrown(NotFound::class, fn () => $other->entry($id));
        $session->share($id, [GrantChange::put(Grantee::client('8'), [Action::View])]);
        self::assertSame('Mail', $other->entry($id)->head->name);
        $denied = self::thrown(Denied::class, fn () => $other->reveal($id));
        self::assertSame([11, 'DENIED', Effect::Deny], [$denied->getCode(), $denied->name(), $denied->decision()->effect]);
        [$grant, $notCovered] = $denied->decision()->reasons;
        self::assertInstanceOf(Reason\Grant::class, $grant);
        self::assertInstanceOf(Reason\NotCovered::class, $notCovered);
        self::assertSame(Action::Reveal, $notCovered->action);
        $german = $other->sayDecision($denied->decision(), 'de');
        self::assertCount(2, $german->reasons);
        $session->share($id, [['remove' => ['grantee' => ['client' => '8']]]]);
        self::thrown(NotFound::class, fn () => $other->entry($id));
    }

    public function testWhatIsListedHasItsId(): void
    {
        $session = self::staff(self::vault());
        $tag = $session->createTag('urgent');
        $category = $session->createCategory(['name' => 'Servers', 'members' => [Grantee::role('full')]]);
        self::assertSame([$tag], array_column($session->tags(), 'id'));
        self::assertSame('Servers', array_column($session->categories(), 'head', 'id')[$category]->name);
        $current = $session->settings();
        $session->updateSettings($current->settings->with(searchLimit: 500), $current->revision);
        self::assertSame(500, $session->settings()->settings->searchLimit);
        self::assertSame(Effect::Allow, $session->explainSection(Section::Settings)->effect);
    }

    /**
     * @dataProvider wrongArguments
     */
    public function testWhatIsWrongIsNamedAndNeverQuoted(\Closure $work, string $class, string $message): void
    {
        $found = self::thrown($class, fn () => $work(self::staff(self::vault())));
        self::assertStringContainsString($message, $found->getMessage());
        self::assertStringNotContainsString('hunter2', $found->getMessage());
    }

    /**
     * @return iterable<string, array{0: \Closure, 1: class-string, 2: string}>
     */
    public static function wrongArguments(): iterable
    {
        $argument = InvalidArgument::class;
        $drafts = [
            'an unknown key' => [['name' => 'a', 'pasword' => 'hunter2'], 'draft: there is no field pasword; did you mean password?'],
            'a key far from any' => [['whatever' => 'hunter2'], 'draft: there is no field whatever; there are name, kind,'],
            'a wrong type' => [['name' => 5], 'draft: name must be of type string, int given'],
            'a wrong type of a secret' => [['name' => 'a', 'password' => ['hunter2']], 'password must be of type'],
            'no such case of an enum' => [['kind' => 'hunter2'], 'draft.kind: expected one of login, licence_key'],
            'no such case of a union' => [['owner' => ['hunter2' => '1']], 'draft.owner: expected Owner, or one of admin, client'],
            'a wrong type in a list' => [['fields' => ['hunter2']], 'draft.fields[0]: expected FieldDraft or an array'],
            'no list' => [['name' => 'a', 'keys' => ['hunter2' => 'hunter2']], 'draft.keys: expected a list'],
            'no UTF-8' => [['name' => "hunter2\xff"], 'draft.name: expected a text in UTF-8'],
            'a key that is no UTF-8' => [["na\xffme" => 'hunter2'], 'draft: there is no field of this name, which is too long'],
            'a key without end' => [[str_repeat('hunter2', 1 << 20) => 'a'], 'draft: there is no field of this name, which is too long'],
            'another value' => [['keys' => [new \stdClass()]], 'draft.keys[0]: expected a text, not stdClass'],
            'a case of another enum' => [['kind' => Action::View], 'draft.kind: expected one of login, licence_key'],
            'a secret text that is no UTF-8' => [['name' => 'a', 'password' => "hunter2\xff"], 'draft.password: the secret is not UTF-8'],
        ];
        foreach ($drafts as $what => [$draft, $message]) {
            yield $what => [fn ($session) => $session->createEntry($draft), $argument, $message];
        }
        yield 'a missing key' => [fn ($session) => $session->createUnit(['name' => 'a']), $argument, 'draft: id is missing'];
        yield 'an id that is none' => [fn ($session) => $session->entry('hunter2'), $argument, 'id: expected a UUID'];
        yield 'a number below zero' => [fn ($session) => $session->listEntries(['limit' => -1]), $argument, 'limit: expected a whole'];
        yield 'a null byte in a line' => [fn ($session) => $session->createTag("hunter2\0"), Invalid::class, 'a control character'];
        yield 'a null byte in a path' => [fn () => self::vault(dsn: "sqlite:/tmp/hunter2\0"), $argument, 'store: expected `sqlite:`'];
        yield 'a ticket that is none' => [
            fn () => self::vault()->session(PrincipalKind::admin('1', ['full']), tickets: ['hunter2']),
            $argument,
            'tickets[0]: expected an unlock ticket',
        ];
        yield 'facts that nobody knows' => [
            fn () => self::vault()->session(['kind' => ['admin' => ['id' => '1', 'rolls' => ['hunter2']]]]),
            $argument,
            'principal.kind.admin: expected an array with id, roles',
        ];
        yield 'a key of another length' => [
            fn () => Vault::create(
                'memory:',
                self::VAULT,
                ['keys' => [['id' => self::KEK, 'key' => 'hunter2']]],
                'full',
                transport: self::transport()
            ),
            Kek::class,
            'a KEK is 32 bytes',
        ];
        yield 'a document that is none' => [fn ($session) => $session->call('create_tag', '{"hunter2'), $argument, 'no JSON document'];
        yield 'a refused value' => [fn ($session) => $session->createEntry(['name' => '']), Invalid::class, 'name: it is empty'];
        yield 'an unknown operation' => [fn ($session) => $session->call('hunter2'), UnknownOperation::class, 'no operation'];
        yield 'a change of no field' => [
            fn ($session) => $session->settings()->settings->with(serchLimit: 5),
            $argument,
            'Settings: there is no field serchLimit; did you mean searchLimit?',
        ];
    }

    public function testWhatIsClosedIsClosed(): void
    {
        $vault = self::vault();
        $session = self::staff($vault);
        $session->close();
        $session->close();
        self::thrown(InvalidHandle::class, fn () => $session->rules());
        $kept = self::staff($vault);
        $vault->close();
        self::thrown(InvalidHandle::class, fn () => self::staff($vault));
        self::assertIsArray($kept->rules(), 'a session outlives the object of its vault');
    }

    public function testVaultsAreKept(): void
    {
        $dsn = 'sqlite:' . tempnam(sys_get_temp_dir(), 'pwvault');
        try {
            $id = self::staff(self::vault(dsn: $dsn))->createEntry(['name' => 'Mail', 'password' => 'x']);
            $vault = Vault::open($dsn, self::VAULT, self::kek(), transport: self::transport());
            self::assertSame('x', self::staff($vault)->reveal($id)->password->expose());
            self::assertSame(self::VAULT, $vault->id());
            self::thrown(VaultExists::class, fn () => self::vault(dsn: $dsn));
        } finally {
            array_map('unlink', glob(substr($dsn, 7) . '*') ?: []);
        }
    }
}
