<?php

declare(strict_types=1);

namespace Panel;

/**
 * Bounds how often a person may answer a challenge wrongly: the vault logs attempts and leaves their rate
 * to the host. One small file for each person.
 */
final class Brake
{
    private const FAILURES = 8;
    private const SECONDS = 600;

    private readonly string $file;

    /**
     * @param array<string, string> $person as `Visitor` remembers who is signed in
     */
    public function __construct(string $directory, array $person)
    {
        $this->file = "$directory/sessions/brake-" . hash('sha256', serialize($person));
    }

    public function mayTry(): bool
    {
        return count($this->recent()) < self::FAILURES;
    }

    public function failed(): void
    {
        file_put_contents($this->file, implode("\n", [...$this->recent(), time()]), LOCK_EX);
    }

    /** @return list<int> when it failed lately */
    private function recent(): array
    {
        $times = array_map(intval(...), explode("\n", is_file($this->file) ? (string) file_get_contents($this->file) : ''));
        return array_values(array_filter($times, fn (int $time): bool => $time > time() - self::SECONDS));
    }
}
