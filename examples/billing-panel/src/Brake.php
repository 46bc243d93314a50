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

    /**
     * Takes one of the tries that are left, before the answer is looked at: many at once get no more than one after
     * another.
     */
    public function take(): bool
    {
        return $this->change(fn (array $times): ?array => count($times) < self::FAILURES ? [...$times, time()] : null);
    }

    /** What was taken for an answer that fits. */
    public function giveBack(): void
    {
        $this->change(fn (array $times): array => array_slice($times, 0, -1));
    }

    /**
     * @param \Closure(list<int>): ?list<int> $change of the times it was taken lately; null leaves them
     */
    private function change(\Closure $change): bool
    {
        $file = fopen($this->file, 'c+');
        if ($file === false || !flock($file, LOCK_EX)) {
            return false;
        }
        $times = array_map(intval(...), explode("\n", (string) stream_get_contents($file)));
        $times = $change(array_values(array_filter($times, fn (int $time): bool => $time > time() - self::SECONDS)));
        if ($times !== null) {
            rewind($file);
            ftruncate($file, 0);
            fwrite($file, implode("\n", $times));
        }
        return fclose($file) && $times !== null;
    }
}
