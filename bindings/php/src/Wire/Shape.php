<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Exception\InvalidArgument;

/**
 * Shapes say how a value looks in documents: `text`, `int`, `float`, `bool`, `none`, `secret`, `bytes`,
 * `time`, the name of a class, or a list of `list`, `map` or `maybe` with a shape.
 *
 * @internal
 */
final class Shape
{
    /**
     * Arrays and names where records, unions and enums are expected become those.
     *
     * @param string|array<mixed> $shape
     */
    public static function convert(string|array $shape, #[\SensitiveParameter] mixed $value, string $place): mixed
    {
        if ($value === null) {
            return null;
        }
        if (is_array($shape)) {
            return match ($shape[0]) {
                'maybe' => self::convert($shape[1], $value, $place),
                'list', 'map' => self::each($shape[1], $value, $place),
                default => $value,
            };
        }
        return match (true) {
            !str_contains($shape, '\\') => $value,
            is_subclass_of($shape, \BackedEnum::class) => self::enum($shape, $value, $place),
            default => $shape::read($value, $place),
        };
    }

    /**
     * @param class-string<\BackedEnum> $enum
     */
    public static function enum(string $enum, #[\SensitiveParameter] mixed $value, string $place): \BackedEnum
    {
        if ($value instanceof $enum) {
            return $value;
        }
        $case = is_string($value) ? $enum::tryFrom($value) : null;
        $names = fn () => implode(', ', array_column($enum::cases(), 'value'));
        return $case ?? throw new InvalidArgument("$place: expected one of {$names()}");
    }

    /**
     * The last part of a class's name.
     */
    public static function name(string $class): string
    {
        return substr($class, strrpos($class, '\\') + 1);
    }

    /**
     * What PHP says of a wrong type, without file names. It names types only.
     */
    public static function refused(\TypeError $error, string $place): InvalidArgument
    {
        $message = preg_replace(['/, called in .*/s', '/^.*\(\): Argument #\d+ \(\$(\w+)\)/s'], ['', '$1'], $error->getMessage());
        return new InvalidArgument("$place: $message");
    }

    /**
     * @param string|array<mixed> $shape
     * @return array<mixed>
     */
    private static function each(string|array $shape, #[\SensitiveParameter] mixed $value, string $place): array
    {
        if (!is_array($value)) {
            throw new InvalidArgument("$place: expected an array, not " . get_debug_type($value));
        }
        foreach ($value as $key => $one) {
            $value[$key] = self::convert($shape, $one, "{$place}[$key]");
        }
        return $value;
    }
}
