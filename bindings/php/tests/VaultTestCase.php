<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use PHPUnit\Framework\TestCase;
use Pwvault\FfiTransport;
use Pwvault\HelperTransport;
use Pwvault\Model\KekSource;
use Pwvault\Model\PrincipalKind;
use Pwvault\PwvaultException;
use Pwvault\Session;
use Pwvault\Transport;
use Pwvault\Vault;

/**
 * A vault in memory, over the way to the library that the environment names.
 */
abstract class VaultTestCase extends TestCase
{
    protected const VAULT = '0190b5a0-0000-7000-8000-000000000001';
    protected const KEK = '07070707070707070707070707070707';

    private static ?Transport $transport = null;

    protected static function transport(): Transport
    {
        return self::$transport ??= match (getenv('PWVAULT_TRANSPORT')) {
            'helper' => HelperTransport::start((string) getenv('TEST_HELPER')),
            default => new FfiTransport(),
        };
    }

    protected static function kek(): KekSource
    {
        return KekSource::keys([['id' => self::KEK, 'key' => str_repeat("\x09", 32)]]);
    }

    /**
     * @param mixed ...$options more options of `Vault::create()`
     */
    protected static function vault(mixed ...$options): Vault
    {
        $options += ['dsn' => 'memory:', 'vault' => self::VAULT, 'fullAccess' => 'full'];
        return Vault::create(...$options, kek: self::kek(), transport: self::transport());
    }

    protected static function staff(Vault $vault): Session
    {
        return $vault->session(PrincipalKind::admin(id: '1', roles: ['full']));
    }

    /**
     * @template T of PwvaultException
     * @param class-string<T> $class
     * @return T
     */
    protected static function thrown(string $class, callable $work): PwvaultException
    {
        try {
            $work();
        } catch (PwvaultException $exception) {
            self::assertInstanceOf($class, $exception, $exception->getMessage());
            return $exception;
        }
        self::fail("$class was not thrown");
    }
}
