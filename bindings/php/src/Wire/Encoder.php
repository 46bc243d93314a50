<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Exception\InvalidArgument;
use Pwvault\Secret;

/**
 * Writes a document, and collects the secrets that it names.
 *
 * @internal
 */
final class Encoder
{
    /** @var list<Secret> */
    private array $secrets = [];

    /**
     * @param array<string, array{0: string|array<mixed>, 1: mixed}> $arguments shape and value by name;
     *     what is null is left out
     * @return array{0: string, 1: list<Secret>}
     */
    public static function document(#[\SensitiveParameter] array $arguments): array
    {
        $encoder = new self();
        $document = [];
        foreach ($arguments as $name => [$shape, $value]) {
            if ($value !== null) {
                $document[$name] = $encoder->encode($shape, Shape::convert($shape, $value, $name), $name);
            }
        }
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
        return [json_encode((object) $document, $flags), $encoder->secrets];
    }

    /**
     * @param string|array<mixed> $shape
     */
    private function encode(string|array $shape, #[\SensitiveParameter] mixed $value, string $place): mixed
    {
        if (is_array($shape)) {
            return $this->compound($shape, $value, $place);
        }
        return match ($shape) {
            'text' => self::text($value, $place),
            'int' => is_int($value) ? $value : throw self::wrong('a whole number', $value, $place),
            'float' => is_float($value) || is_int($value) ? $value : throw self::wrong('a number', $value, $place),
            'bool' => is_bool($value) ? $value : throw self::wrong('true or false', $value, $place),
            'secret' => $this->secret($value, $place),
            'bytes' => is_string($value) ? array_values(unpack('C*', $value)) : throw self::wrong('bytes', $value, $place),
            'time' => self::time($value, $place),
            default => $this->object($value, $place),
        };
    }

    /**
     * @param array<mixed> $shape
     */
    private function compound(array $shape, #[\SensitiveParameter] mixed $value, string $place): mixed
    {
        if ($shape[0] === 'maybe') {
            return $value === null ? null : $this->encode($shape[1], $value, $place);
        }
        if (!is_array($value)) {
            throw self::wrong('an array', $value, $place);
        }
        $done = [];
        foreach ($value as $key => $one) {
            $done[$key] = $this->encode($shape[1], $one, "{$place}[$key]");
        }
        return match ($shape[0]) {
            'map' => (object) $done,
            default => array_is_list($done) ? $done : throw self::wrong('a list', $value, $place),
        };
    }

    private function object(object $value, string $place): mixed
    {
        if ($value instanceof \BackedEnum) {
            return $value->value;
        }
        if ($value instanceof Record) {
            return (object) $this->fields($value::FIELDS, $value, $place);
        }
        /** @var Union $value */
        if ($value::TAG !== null) {
            return (object) [$value::TAG => $value::NAME, ...$this->fields($value::FIELDS ?? [], $value, $place)];
        }
        return match (true) {
            $value::FIELDS !== null => (object) [$value::NAME => (object) $this->fields($value::FIELDS, $value, $place)],
            $value::VALUE !== null => (object) [$value::NAME => $this->held($value, $place)],
            default => $value::NAME,
        };
    }

    private function held(Union $value, string $place): mixed
    {
        return $this->encode($value::VALUE, Shape::convert($value::VALUE, $value->value, $place), $place);
    }

    /**
     * @param array<string, array{0: string, 1: string|array<mixed>, 2: bool}> $fields
     * @return array<string, mixed>
     */
    private function fields(array $fields, object $value, string $place): array
    {
        $done = [];
        foreach ($fields as $property => [$name, $shape]) {
            if ($value->$property !== null) {
                $done[$name] = $this->encode($shape, Shape::convert($shape, $value->$property, "$place.$property"), "$place.$property");
            }
        }
        return $done;
    }

    private function secret(#[\SensitiveParameter] mixed $value, string $place): object
    {
        if (!is_string($value) && !$value instanceof Secret) {
            throw self::wrong('a secret or a string', $value, $place);
        }
        $this->secrets[] = Secret::of($value);
        return (object) ['$secret' => count($this->secrets) - 1];
    }

    private static function text(#[\SensitiveParameter] mixed $value, string $place): string
    {
        if (!is_string($value)) {
            throw self::wrong('a text', $value, $place);
        }
        if (preg_match('//u', $value) !== 1) {
            throw new InvalidArgument("$place: expected a text in UTF-8; this one is not");
        }
        return $value;
    }

    private static function time(#[\SensitiveParameter] mixed $value, string $place): int
    {
        if (!$value instanceof \DateTimeInterface) {
            throw self::wrong('a DateTimeInterface', $value, $place);
        }
        return $value->getTimestamp() * 1000 + (int) $value->format('v');
    }

    private static function wrong(string $expected, #[\SensitiveParameter] mixed $value, string $place): InvalidArgument
    {
        return new InvalidArgument("$place: expected $expected, not " . get_debug_type($value));
    }
}
