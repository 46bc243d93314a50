<?php

declare(strict_types=1);

namespace Pwvault\Wire;

use Pwvault\Exception\InvalidArgument;

/**
 * A value with named fields. Its properties are read-only.
 */
abstract class Record
{
    /**
     * The fields by property: name in documents, shape, whether one is needed.
     *
     * @internal
     */
    public const FIELDS = [];

    /**
     * The properties that dumps leave out: an address in them may open a secret.
     *
     * @internal
     */
    public const UNSHOWN = [];

    /** The longest name of a field that is compared with others, and said. */
    private const NAME_MAX = 100;

    /**
     * From an array with the names of the properties as keys.
     *
     * @param array<string, mixed> $values
     * @throws InvalidArgument for an unknown key, a missing one, or a value of another type
     */
    final public static function fromArray(#[\SensitiveParameter] array $values): static
    {
        return self::read($values, Shape::name(static::class));
    }

    /**
     * The record as it is, or one made of an array.
     *
     * @internal
     */
    final public static function of(#[\SensitiveParameter] self|array $value): static
    {
        return $value instanceof static ? $value : self::read($value, Shape::name(static::class));
    }

    /**
     * The same with some fields changed: `$settings->with(searchLimit: 500)`.
     *
     * @throws InvalidArgument for a field that there is not, or a value of another type
     */
    final public function with(#[\SensitiveParameter] mixed ...$changes): static
    {
        return self::read([...get_object_vars($this), ...$changes], Shape::name(static::class));
    }

    /**
     * @internal
     */
    final public static function read(#[\SensitiveParameter] mixed $values, string $place): static
    {
        if ($values instanceof static) {
            return $values;
        }
        $short = Shape::name(static::class);
        if (!is_array($values)) {
            throw new InvalidArgument("$place: expected $short or an array, not " . get_debug_type($values));
        }
        foreach ($values as $key => $value) {
            $field = static::FIELDS[$key] ?? throw self::unknown((string) $key, $place);
            $values[$key] = Shape::convert($field[1], $value, "$place.$key");
        }
        foreach (static::FIELDS as $property => [, , $required]) {
            if ($required && !array_key_exists($property, $values)) {
                throw new InvalidArgument("$place: $property is missing");
            }
        }
        try {
            return new static(...array_filter($values, fn ($value) => $value !== null));
        } catch (\TypeError $error) {
            throw Shape::refused($error, $place);
        }
    }

    /**
     * @return array<string, mixed>
     */
    final public function __debugInfo(): array
    {
        return [...get_object_vars($this), ...array_fill_keys(static::UNSHOWN, '[hidden]')];
    }

    private static function unknown(string $key, string $place): InvalidArgument
    {
        if (strlen($key) > self::NAME_MAX || preg_match('//u', $key) !== 1) {
            return new InvalidArgument("$place: there is no field of this name, which is too long or not UTF-8");
        }
        $names = array_keys(static::FIELDS);
        usort($names, fn (string $one, string $other) => levenshtein($key, $one) <=> levenshtein($key, $other));
        $near = $names !== [] && levenshtein($key, $names[0]) < 4 ? "; did you mean $names[0]?" : '';
        $all = implode(', ', array_keys(static::FIELDS));
        return new InvalidArgument("$place: there is no field $key" . ($near ?: "; there are $all"));
    }
}
