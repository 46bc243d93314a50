<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\NotFound;
use Pwvault\Model\Addressee;
use Pwvault\Model\Audience;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\FieldDraft;
use Pwvault\Model\Notice;
use Pwvault\Model\NoticeKind;
use Pwvault\Model\Rendered;
use Pwvault\Model\UnlockAnswer;
use Pwvault\PwvaultException;
use Pwvault\Secret;

/**
 * A secret is nowhere but where `expose()` gives it.
 */
final class CanaryTest extends VaultTestCase
{
    private const CANARY = 'canary-7f3a-of-the-mine';

    public function testNothingThatHoldsASecretShowsIt(): void
    {
        $vault = self::vault();
        $session = self::staff($vault);
        $field = new FieldDraft(name: 'pin', value: self::CANARY, secret: true);
        $draft = new EntryDraft(name: 'Mail', password: self::CANARY, fields: [$field]);
        $id = $session->createEntry($draft);
        $revealed = $session->reveal($id);
        self::assertSame(self::CANARY, $revealed->password->expose());
        $holders = [
            $draft,
            $revealed,
            $revealed->fields[0],
            UnlockAnswer::passphrase('k', self::CANARY),
            self::kek(),
            $session,
            $vault,
            self::transport(),
        ];
        foreach ($holders as $holder) {
            foreach (self::shown($holder) as $how => $shown) {
                $what = get_class($holder) . " by $how";
                self::assertStringNotContainsString(self::CANARY, $shown, $what);
                self::assertStringNotContainsString(str_repeat("\x09", 8), $shown, $what);
            }
        }
    }

    public function testNeitherSecretsNorHandlesAreKeptOrCopied(): void
    {
        $secret = new Secret(self::CANARY);
        $works = [fn () => unserialize('O:14:"Pwvault\Secret":0:{}'), fn () => unserialize('O:15:"Pwvault\Session":0:{}')];
        foreach ([$secret, self::vault(), self::staff(self::vault())] as $kept) {
            array_push($works, fn () => serialize($kept), fn () => clone $kept);
        }
        foreach ($works as $work) {
            try {
                $work();
                self::fail('it was kept or copied');
            } catch (\LogicException $exception) {
                self::assertStringNotContainsString(self::CANARY, (string) $exception);
            }
        }
        self::assertSame('["[secret]"]', json_encode([$secret]));
        $this->expectException(\Error::class);
        echo $secret;
    }

    public function testWhatIsWipedIsGoneAndWhatWasExposedStays(): void
    {
        $secret = new Secret(strrev(strrev(self::CANARY)));
        $exposed = $secret->expose();
        self::assertTrue($secret->equals(self::CANARY) && !$secret->equals('another') && !$secret->isEmpty());
        $secret->wipe();
        $secret->wipe();
        self::assertTrue($secret->isEmpty());
        self::assertSame(self::CANARY, $exposed);
        $this->expectException(\LogicException::class);
        $secret->expose();
    }

    public function testNoMessageAndNoDetailHoldsASecret(): void
    {
        $session = self::staff(self::vault());
        $works = [
            fn () => $session->createEntry(['name' => self::class, 'password' => self::CANARY, 'owner' => self::CANARY]),
            fn () => $session->updateEntry(self::VAULT, 1, ['password' => self::CANARY]),
            fn () => $session->call('create_entry', '{"draft": {"name": "a", "password": "' . self::CANARY . '"}}'),
        ];
        foreach ($works as $place => $work) {
            $error = self::thrown(PwvaultException::class, $work);
            if ($place === 1) {
                self::assertInstanceOf(NotFound::class, $error);
            }
            for ($one = $error; $one !== null; $one = $one->getPrevious()) {
                self::assertStringNotContainsString(self::CANARY, $one->getMessage());
                self::assertStringNotContainsString(self::CANARY, json_encode($one->detail(), JSON_THROW_ON_ERROR));
            }
        }
    }

    public function testNoDumpOfAMessageShowsAnAddressThatMayOpenASecret(): void
    {
        $link = 'https://host.example/link#' . self::CANARY;
        $notice = new Notice(NoticeKind::SecretChanged, Audience::Clients, new Addressee\Address('anna@example.com'), ['link' => $link]);
        $shown = print_r([$notice, new Rendered($link, $link)], true);
        self::assertStringNotContainsString(self::CANARY, $shown);
        self::assertStringContainsString('anna@example.com', $shown);
        self::assertSame($link, $notice->facts['link']);
    }

    /**
     * An uncaught exception in a process that logs everything it can.
     *
     * @dataProvider accidents
     */
    public function testTracesAndLogsShowNoSecret(string $work, string $expected): void
    {
        $log = (string) tempnam(sys_get_temp_dir(), 'pwvault');
        $command = [
            PHP_BINARY, '-d', 'zend.exception_ignore_args=0', '-d', 'zend.exception_string_param_max_len=1000',
            '-d', 'display_errors=1', '-d', 'log_errors=1', '-d', "error_log=$log", '-d', 'html_errors=0',
            __DIR__ . '/accident.php', $work,
        ];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
        self::assertIsResource($process);
        $shown = stream_get_contents($pipes[1]) . file_get_contents($log);
        proc_close($process);
        unlink($log);
        self::assertStringContainsString($expected, $shown);
        self::assertStringNotContainsString('canary-', $shown);
    }

    /**
     * @return iterable<string, array{0: string, 1: string}>
     */
    public static function accidents(): iterable
    {
        yield 'an unknown key beside it' => ['key', 'Uncaught Pwvault\Exception\InvalidArgument'];
        yield 'an entry without a name' => ['name', 'Uncaught Pwvault\Exception\Invalid'];
        yield 'a wrong passphrase' => ['unlock', 'Uncaught Pwvault\Exception\\'];
        yield 'a wrong sign-in' => ['sign-in', 'Uncaught Pwvault\Exception\\'];
        yield 'no vault under this key' => ['open', 'Uncaught Pwvault\Exception\\'];
        yield 'a closed session' => ['closed', 'Uncaught Pwvault\Exception\InvalidHandle'];
        yield 'a type of PHP' => ['type', 'Uncaught TypeError'];
    }

    /**
     * @return iterable<string, string>
     */
    private static function shown(object $holder): iterable
    {
        ob_start();
        var_dump($holder);
        yield 'var_dump' => (string) ob_get_clean();
        yield 'print_r' => print_r($holder, true);
        yield 'var_export' => var_export($holder, true);
        yield 'json_encode' => (string) json_encode($holder, JSON_PARTIAL_OUTPUT_ON_ERROR);
        yield 'an array' => print_r((array) $holder, true);
        try {
            yield 'serialize' => serialize($holder);
        } catch (\Exception $exception) {
            yield 'the refusal to serialize' => (string) $exception;
        }
    }
}
