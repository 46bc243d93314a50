<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Exception\InvalidArgument;

/**
 * One of several cases, each a class of its own: ask with `match (true) { $it instanceof ... }`, or by name with
 * `match ($it->case())`.
 */
abstract class Union
{
    /**
     * The classes of the cases by their names.
     *
     * @internal
     */
    public const CASES = [];

    /**
     * The key that says the case, where the fields stand beside it.
     *
     * @internal
     */
    public const TAG = null;

    /**
     * The name of this case.
     *
     * @internal
     */
    public const NAME = '';

    /**
     * The fields of this case, as in a record, or null.
     *
     * @internal
     */
    public const FIELDS = null;

    /**
     * The shape of the one value of this case, or null.
     *
     * @internal
     */
    public const VALUE = null;

    /**
     * The name of the case, such as `master_password`.
     */
    final public function case(): string
    {
        return static::NAME;
    }

    /**
     * From the name of a plain case, or an array with the name as its key: `['admin' => '1']`.
     *
     * @internal
     */
    final public static function read(#[\SensitiveParameter] mixed $value, string $place): static
    {
        if ($value instanceof static) {
            return $value;
        }
        $name = is_array($value) && count($value) === 1 ? array_key_first($value) : $value;
        $class = is_string($name) ? static::CASES[$name] ?? null : null;
        if ($class === null || (is_string($value) && ($class::FIELDS ?? $class::VALUE) !== null)) {
            $short = Shape::name(static::class);
            $cases = implode(', ', array_keys(static::CASES));
            throw new InvalidArgument("$place: expected $short, or one of $cases with what belongs to it");
        }
        try {
            return match (true) {
                $class::FIELDS !== null => new $class(...self::fields($class, $value[$name], "$place.$name")),
                $class::VALUE !== null => new $class(Shape::convert($class::VALUE, $value[$name], "$place.$name")),
                default => new $class(),
            };
        } catch (\TypeError $error) {
            throw Shape::refused($error, $place);
        }
    }

    /**
     * @param class-string<self> $class
     * @return array<string, mixed>
     */
    private static function fields(string $class, #[\SensitiveParameter] mixed $values, string $place): array
    {
        if (!is_array($values) || array_diff_key($values, $class::FIELDS) !== []) {
            throw new InvalidArgument("$place: expected an array with " . implode(', ', array_keys($class::FIELDS)));
        }
        foreach ($class::FIELDS as $property => [, $shape, $required]) {
            if (array_key_exists($property, $values)) {
                $values[$property] = Shape::convert($shape, $values[$property], "$place.$property");
            } elseif ($required) {
                throw new InvalidArgument("$place: $property is missing");
            }
        }
        return array_filter($values, fn ($value) => $value !== null);
    }
}
