<?php

declare(strict_types=1);

namespace Pwvault\Tests;

use Pwvault\Exception\Internal;
use Pwvault\Exception\UnknownOperation;
use Pwvault\Fault;
use Pwvault\Library;
use Pwvault\Model\HostKek;
use Pwvault\Model\KekSource;
use Pwvault\Reply;
use Pwvault\Secret;
use Pwvault\Transport;
use Pwvault\Transports;
use Pwvault\Vault;
use Pwvault\Wire\Union;

/**
 * Calls every operation by its typed method with the least there can be, and sees it reach the library.
 * What was reached is written to target/parity/php.txt, from which docs/parity.md is made.
 */
final class ParityTest extends VaultTestCase
{
    public function testEveryOperationReachesTheLibrary(): void
    {
        $transport = self::recording(self::transport());
        $kek = KekSource::keys([new HostKek(self::KEK, str_repeat("\x09", 32))]);
        $vault = Vault::create('memory:', self::VAULT, $kek, 'full', transport: $transport);
        $session = self::staff($vault);
        $top = dirname(__DIR__, 3);
        $described = json_decode((string) file_get_contents("$top/bindings/operations.json"), true);
        $missing = [];
        $reached = '';
        Transports::setDefault($transport);
        foreach ($described['operations'] as ['on' => $on, 'name' => $name]) {
            $transport->last = null;
            $method = lcfirst(str_replace('_', '', ucwords($name, '_')));
            $class = $on === 'library' ? Library::class : get_class($on === 'vault' ? $vault : $session);
            if (!method_exists($class, $method)) {
                $missing[] = "$on.$name: no method $method";
                continue;
            }
            $reflected = new \ReflectionMethod($class, $method);
            $arguments = array_map(fn (\ReflectionParameter $one) => self::least($one), $reflected->getParameters());
            $target = ['library' => null, 'vault' => $vault, 'session' => $session][$on];
            try {
                $reflected->invokeArgs($target, $arguments);
            } catch (Fault $fault) {
                if ($fault instanceof UnknownOperation || $fault instanceof Internal) {
                    $missing[] = "$on.$name: " . $fault->getMessage();
                    continue;
                }
            }
            if ($transport->last !== $name) {
                $missing[] = "$on.$name: did not reach the library";
                continue;
            }
            $reached .= "$on.$name\n";
        }
        Transports::setDefault(null);
        self::assertSame([], $missing);
        @mkdir("$top/target/parity", 0777, true);
        file_put_contents("$top/target/parity/php.txt", $reached);
    }

    /**
     * The least value that a parameter takes.
     */
    private static function least(\ReflectionParameter $parameter): mixed
    {
        if ($parameter->isDefaultValueAvailable()) {
            return $parameter->getDefaultValue();
        }
        $type = $parameter->getType();
        if ($type === null || $type->allowsNull()) {
            return null;
        }
        $named = $type instanceof \ReflectionUnionType ? $type->getTypes() : [$type];
        usort($named, fn ($one, $other) => (int) $one->isBuiltin() <=> (int) $other->isBuiltin());
        return self::of($named[0]->getName());
    }

    private static function of(string $type): mixed
    {
        return match (true) {
            $type === 'string' => 'x',
            $type === 'int' => 1,
            $type === 'float' => 1.0,
            $type === 'bool' => false,
            $type === 'array' => [],
            $type === Secret::class => Secret::of('x'),
            is_a($type, \DateTimeInterface::class, true) => new \DateTimeImmutable('@0'),
            enum_exists($type) => $type::cases()[0],
            get_parent_class($type) === Union::class => self::made(self::case($type)),
            default => self::made($type),
        };
    }

    /**
     * @param class-string<Union> $union
     */
    private static function case(string $union): string
    {
        return array_values($union::CASES)[0];
    }

    private static function made(string $class): object
    {
        $constructor = (new \ReflectionClass($class))->getConstructor();
        return new $class(...array_map(self::least(...), $constructor?->getParameters() ?? []));
    }

    private static function recording(Transport $to): Transport
    {
        return new class ($to) implements Transport {
            /** The last operation that the library answered, well or not. */
            public ?string $last = null;

            public function __construct(private Transport $to)
            {
            }

            public function open(string $options, array $secrets): int
            {
                return $this->to->open($options, $secrets);
            }

            public function session(int $vault, string $options, array $secrets): int
            {
                return $this->to->session($vault, $options, $secrets);
            }

            public function call(int $target, string $name, string $arguments, array $secrets): Reply
            {
                $this->last = $name;
                return $this->to->call($target, $name, $arguments, $secrets);
            }

            public function close(int $handle): void
            {
                $this->to->close($handle);
            }

            public function libraryVersion(): string
            {
                return $this->to->libraryVersion();
            }
        };
    }
}
