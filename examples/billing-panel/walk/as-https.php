<?php

/**
 * The panel as behind a server that speaks https.
 */

declare(strict_types=1);

$_SERVER['HTTPS'] = 'on';
require __DIR__ . '/../public/index.php';
