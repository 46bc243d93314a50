<?php

// The least that a page with a database does: one row read, one inserted durably.

declare(strict_types=1);

$database = new PDO('sqlite:' . dirname($_SERVER['SCRIPT_FILENAME']) . '/rows.db');
$database->exec('PRAGMA synchronous = FULL');
$body = $database->query('SELECT body FROM row WHERE id = 1')->fetchColumn();
$database->prepare('INSERT INTO row (body) VALUES (?)')->execute([$body]);
echo 'one row, one insert';
