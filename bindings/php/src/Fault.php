<?php

declare(strict_types=1);

namespace Pwvault;

use Pwvault\Exception\Codes;
use Pwvault\Exception\Other;
use Pwvault\Wire\Decoder;

/**
 * What a call came to. Each error has a class of its own in `Pwvault\Exception`; `getCode()` is its frozen
 * number. After `Internal` and `Store` it is not known whether the call was done.
 */
abstract class Fault extends \RuntimeException implements PwvaultException
{
    /** The frozen name; set by every class. */
    protected const NAME = '';

    /** The frozen number; set by every class. */
    protected const NUMBER = 0;

    /**
     * @param array<string, mixed> $detail facts for programs
     */
    final public function __construct(string $message, private array $detail = [], ?int $number = null)
    {
        parent::__construct($message, $number ?? static::NUMBER);
    }

    public function name(): string
    {
        return static::NAME;
    }

    public function detail(): array
    {
        return $this->detail;
    }

    /**
     * The exception that an error's document describes.
     *
     * @internal
     */
    public static function of(string $document): self
    {
        $error = json_decode($document, true);
        if (!is_array($error) || !is_int($error['code'] ?? null)) {
            return new Other('the library gave an error that could not be read', []);
        }
        $class = Codes::CLASSES[$error['code']] ?? Other::class;
        $detail = $error['detail'] ?? null;
        return new $class((string) ($error['message'] ?? ''), is_array($detail) ? $detail : [], $error['code']);
    }

    /**
     * A part of the detail as an object, or null when it is absent.
     */
    protected function part(string $key, mixed $shape): mixed
    {
        $value = $this->detail[$key] ?? null;
        return $value === null ? null : (new Decoder([]))->decode($shape, $value, $key);
    }
}
