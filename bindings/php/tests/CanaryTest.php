<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\NotFound;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\PrincipalKind;
use Pwvault\Secret;

/**
 * A secret is found nowhere but where it is exposed.
 */
final class CanaryTest extends VaultTestCase
{
    private const CANARY = 'canary-3f9a71';

    /**
     * @dataProvider ways
     */
    public function testNoDumpShowsASecret(\Closure $dump): void
    {
        $vault = self::vault();
        $session = self::staff($vault);
        $draft = new EntryDraft(name: 'Mail', password: self::CANARY, notes: new Secret(self::CANARY));
        $revealed = $session->reveal($session->createEntry($draft));
        self::assertSame(self::CANARY, $revealed->notes->expose());
        foreach ([$vault, $session, $draft, $revealed, $revealed->password, [$revealed]] as $value) {
            try {
                $shown = $dump($value);
            } catch (\LogicException $refused) {
                $shown = $refused->getMessage() . $refused->getTraceAsString();
            }
            self::assertIsString($shown);
            self::assertNotSame('', $shown);
            self::assertStringNotContainsString(self::CANARY, $shown);
        }
    }

    /**
     * @return iterable<string, array{\Closure}>
     */
    public function ways(): iterable
    {
        yield 'print_r' => [fn ($value) => print_r($value, true)];
        yield 'var_export' => [fn ($value) => var_export($value, true)];
        yield 'json_encode' => [fn ($value) => json_encode($value, JSON_THROW_ON_ERROR | JSON_PARTIAL_OUTPUT_ON_ERROR)];
        yield 'serialize' => [fn ($value) => serialize($value)];
        yield 'an array cast' => [fn ($value) => print_r((array) $value, true)];
        yield 'var_dump' => [function ($value) {
            ob_start();
            var_dump($value);
            return (string) ob_get_clean();
        }];
    }

    public function testNoExceptionAndNoTraceShowsASecret(): void
    {
        $session = self::vault()->session(PrincipalKind::client(id: '7', groups: []));
        $works = [
            fn () => $session->createEntry(['name' => self::class, 'password' => self::CANARY, 'owner' => self::CANARY]),
            fn () => $session->updateEntry(self::VAULT, 1, ['password' => self::CANARY]),
            fn () => $session->call('create_entry', '{"draft": {"name": "a", "password": "' . self::CANARY . '"}}'),
        ];
        foreach ($works as $place => $work) {
            $error = self::thrown(\Pwvault\PwvaultException::class, $work);
            if ($place === 1) {
                self::assertInstanceOf(NotFound::class, $error);
            }
            for ($one = $error; $one !== null; $one = $one->getPrevious()) {
                self::assertStringNotContainsString(self::CANARY, $one->getMessage());
                self::assertStringNotContainsString(self::CANARY, json_encode($one->detail(), JSON_THROW_ON_ERROR));
            }
        }
    }
}
