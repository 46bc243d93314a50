<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Reply;
use Pwvault\Secret;
use Pwvault\TransportFailed;

/**
 * Reads the document of a reply.
 *
 * @internal
 */
final class Decoder
{
    /**
     * @param list<Secret> $secrets
     */
    public function __construct(private array $secrets)
    {
    }

    /**
     * @param string|array<mixed> $shape
     */
    public static function reply(Reply $reply, string|array $shape): mixed
    {
        $document = json_decode($reply->document, true);
        if ($document === null && $reply->document !== 'null') {
            throw new TransportFailed('the library gave a reply that is no document');
        }
        return (new self($reply->secrets))->decode($shape, $document, 'the reply');
    }

    /**
     * @param string|array<mixed> $shape
     */
    public function decode(string|array $shape, mixed $value, string $place): mixed
    {
        if (is_array($shape)) {
            return $this->compound($shape, $value, $place);
        }
        return match ($shape) {
            'text' => is_string($value) ? $value : throw self::wrong($place),
            'int' => is_int($value) ? $value : throw self::wrong($place),
            'float' => is_float($value) || is_int($value) ? (float) $value : throw self::wrong($place),
            'bool' => is_bool($value) ? $value : throw self::wrong($place),
            'none' => null,
            'secret' => $this->secrets[$value['$secret'] ?? -1] ?? throw self::wrong($place),
            'bytes' => is_array($value) ? pack('C*', ...$value) : throw self::wrong($place),
            'time' => is_int($value) ? self::time($value) : throw self::wrong($place),
            default => $this->object($shape, $value, $place),
        };
    }

    /**
     * @param array<mixed> $shape
     */
    private function compound(array $shape, mixed $value, string $place): mixed
    {
        if ($shape[0] === 'maybe') {
            return $value === null ? null : $this->decode($shape[1], $value, $place);
        }
        if (!is_array($value)) {
            throw self::wrong($place);
        }
        $done = [];
        foreach ($value as $key => $one) {
            $done[$key] = $this->decode($shape[1], $one, $place);
        }
        return $done;
    }

    /**
     * @param class-string $class
     */
    private function object(string $class, mixed $value, string $place): object
    {
        if (is_subclass_of($class, \BackedEnum::class)) {
            return (is_string($value) ? $class::tryFrom($value) : null) ?? throw self::wrong($place);
        }
        if (is_subclass_of($class, Record::class)) {
            return new $class(...$this->fields($class::FIELDS, $value, $place));
        }
        /** @var class-string<Union> $class */
        $name = match (true) {
            $class::TAG !== null => $value[$class::TAG] ?? null,
            is_array($value) => array_key_first($value),
            default => $value,
        };
        $case = $class::CASES[$name] ?? throw self::wrong($place);
        $content = $class::TAG === null && is_array($value) ? $value[$name] : $value;
        return match (true) {
            $case::FIELDS !== null => new $case(...$this->fields($case::FIELDS, $content, $place)),
            $case::VALUE !== null => new $case($this->decode($case::VALUE, $content, $place)),
            default => new $case(),
        };
    }

    /**
     * @param array<string, array{0: string, 1: string|array<mixed>, 2: bool}> $fields
     * @return array<string, mixed>
     */
    private function fields(array $fields, mixed $values, string $place): array
    {
        if (!is_array($values)) {
            throw self::wrong($place);
        }
        $done = [];
        foreach ($fields as $property => [$name, $shape, $required]) {
            if (isset($values[$name])) {
                $done[$property] = $this->decode($shape, $values[$name], "$place.$property");
            } elseif ($required) {
                throw self::wrong("$place.$property");
            }
        }
        return $done;
    }

    private static function time(int $milliseconds): \DateTimeImmutable
    {
        $rest = ($milliseconds % 1000 + 1000) % 1000;
        $seconds = intdiv($milliseconds - $rest, 1000);
        return (new \DateTimeImmutable("@$seconds"))->modify("+$rest msec")->setTimezone(new \DateTimeZone('UTC'));
    }

    private static function wrong(string $place): TransportFailed
    {
        return new TransportFailed("$place is not what this version of the package expects; are library and package of one version?");
    }
}
