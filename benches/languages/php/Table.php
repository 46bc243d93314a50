<?php

declare(strict_types=1);

/**
 * Rows, and a log in which each event holds the hash of the one before; both durable at once.
 */
final class Table
{
    private readonly PDO $database;
    /** @var array<string, PDOStatement> */
    private array $prepared = [];
    private string $last;

    public function __construct(
        string $path,
        private readonly Envelope $envelope,
        #[\SensitiveParameter] private readonly string $key
    ) {
        $this->database = new PDO("sqlite:$path");
        $this->database->exec('PRAGMA journal_mode = WAL');
        $this->database->exec('PRAGMA synchronous = FULL');
        $this->database->exec('CREATE TABLE entry (id BLOB PRIMARY KEY, body BLOB)');
        $this->database->exec('CREATE TABLE event (number INTEGER PRIMARY KEY, hash BLOB, body BLOB)');
        $this->last = str_repeat("\0", 32);
    }

    public function create(#[\SensitiveParameter] string $plain): string
    {
        $id = random_bytes(16);
        $this->database->exec('BEGIN IMMEDIATE');
        $this->run('INSERT INTO entry VALUES (?, ?)', $id, $this->envelope->seal($id, $plain));
        $this->log('created', $id);
        $this->database->exec('COMMIT');
        return $id;
    }

    public function reveal(string $id): string
    {
        $this->database->exec('BEGIN IMMEDIATE');
        $sealed = $this->run('SELECT body FROM entry WHERE id = ?', $id)->fetchColumn();
        $this->log('revealed', $id);
        $this->database->exec('COMMIT');
        return $this->envelope->open($id, $sealed);
    }

    private function log(string $kind, string $id): void
    {
        $event = ['kind' => $kind, 'actor' => 'admin 1', 'entry' => bin2hex($id), 'at' => microtime(true)];
        $body = $this->envelope->seal($this->last, (string) json_encode($event));
        $this->last = hash_hmac('sha256', $this->last . $body, $this->key, true);
        $this->run('INSERT INTO event (hash, body) VALUES (?, ?)', $this->last, $body);
    }

    private function run(string $statement, string ...$values): PDOStatement
    {
        $run = $this->prepared[$statement] ??= $this->database->prepare($statement);
        foreach ($values as $place => $value) {
            $run->bindValue($place + 1, $value, PDO::PARAM_LOB);
        }
        $run->execute();
        return $run;
    }
}
