<?php

declare(strict_types=1);

namespace Panel;

/**
 * Bounds how often a person may answer a challenge wrongly, and how often an address may sign in wrongly, whoever as:
 * the vault logs attempts and leaves that to the host. One small file for each.
 */
final class Brake
{
    private const SECONDS = 600;
    /** One change of so many clears away what is over. */
    private const SWEEP = 50;

    private readonly string $file;

    /**
     * @param array<string, string> $whom
     */
    private function __construct(private readonly string $directory, array $whom, private readonly int $most)
    {
        $this->file = "$directory/sessions/brake-" . hash('sha256', serialize($whom));
    }

    /**
     * @param array<string, string> $person as `Visitor` remembers who is signed in
     */
    public static function ofPerson(string $directory, array $person): self
    {
        return new self($directory, $person, 8);
    }

    /** Many people may share an address; of IPv6, a customer has a whole network. */
    public static function ofAddress(string $directory, string $address): self
    {
        $bytes = (string) @inet_pton($address);
        return new self($directory, ['address' => bin2hex(strlen($bytes) === 16 ? substr($bytes, 0, 8) : $bytes)], 40);
    }

    /**
     * Takes one of the tries that are left, before the answer is looked at: many at once get no more than one after
     * another.
     */
    public function take(): bool
    {
        return $this->change(fn (array $times): ?array => count($times) < $this->most ? [...$times, time()] : null);
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
        if (random_int(1, self::SWEEP) === 1) {
            self::sweep($this->directory);
        }
        do {
            $file = fopen($this->file, 'c+');
            if ($file === false || !flock($file, LOCK_EX)) {
                return false;
            }
            // Swept away between opening and locking: what is written to it counts for nobody.
        } while (fstat($file)['nlink'] === 0);
        $times = array_map(intval(...), explode("\n", (string) stream_get_contents($file)));
        $times = $change(array_values(array_filter($times, fn (int $time): bool => $time > time() - self::SECONDS)));
        if ($times !== null) {
            rewind($file);
            ftruncate($file, 0);
            fwrite($file, implode("\n", $times));
        }
        return fclose($file) && $times !== null;
    }

    /** Removes the files whose times are all over. */
    public static function sweep(string $directory): void
    {
        foreach (glob("$directory/sessions/brake-*") ?: [] as $path) {
            $file = @fopen($path, 'r');
            if ($file !== false && flock($file, LOCK_EX | LOCK_NB) && fstat($file)['mtime'] < time() - self::SECONDS) {
                unlink($path);
            }
        }
    }
}
