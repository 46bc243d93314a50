<?php

/**
 * For `opcache.preload`: the one class that touches FFI is preloaded, so that FFI may stay closed to everything
 * else (`ffi.enable=preload`). The library itself is loaded by `ffi.preload`; README.md has all lines.
 */

declare(strict_types=1);

foreach (['PwvaultException', 'Transport', 'FfiTransport'] as $name) {
    require_once __DIR__ . "/src/$name.php";
}
