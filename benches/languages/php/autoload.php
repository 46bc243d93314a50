<?php

// The package and the peers, found by their names as composer finds them.

declare(strict_types=1);

spl_autoload_register(function (string $class): void {
    require str_starts_with($class, 'Pwvault\\')
        ? dirname(__DIR__, 3) . '/bindings/php/src/' . strtr(substr($class, 8), '\\', '/') . '.php'
        : __DIR__ . "/$class.php";
});
