<?php

/**
 * Finds the classes of the panel and of the package `pwvault/pwvault`. With composer, this would be
 * `vendor/autoload.php`.
 */

declare(strict_types=1);

require __DIR__ . '/html.php';

spl_autoload_register(function (string $class): void {
    $folders = ['Panel\\' => __DIR__, 'Pwvault\\' => dirname(__DIR__, 3) . '/bindings/php/src'];
    foreach ($folders as $prefix => $folder) {
        $file = $folder . '/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require $file;
            return;
        }
    }
});
