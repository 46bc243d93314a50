<?php

/**
 * The front controller: every request comes through here. Under `php -S` it is the router too.
 */

declare(strict_types=1);

use Panel\App;
use Panel\Request;
use Panel\Response;
use Panel\Vaults;
use Pwvault\LibraryUnavailable;

ini_set('display_errors', '0');
ini_set('zend.exception_ignore_args', '1');
require __DIR__ . '/../src/autoload.php';

$request = Request::current();
$data = getenv('PANEL_DATA');
try {
    if (!is_string($data) || !Vaults::areIn($data)) {
        $response = Response::plain(500, 'This panel has no data yet: start it with `make demo`, or set PANEL_DATA.');
    } elseif (!extension_loaded('ffi')) {
        throw new LibraryUnavailable('PHP was started without its extension ffi');
    } else {
        $response = Response::asset($request->path) ?? (new App($data))->answer($request);
    }
} catch (LibraryUnavailable $unavailable) {
    $response = Response::plain(503, "The vault's library cannot be used: {$unavailable->getMessage()}.\n"
        . "Load the PHP extension ffi (Debian: php-cli has it), set ffi.enable=1 or preload the header,\n"
        . 'and build the library: `make demo` does all of it.');
} catch (Throwable $fault) {
    error_log(get_class($fault) . ': ' . $fault->getMessage() . ' at ' . $fault->getFile() . ':' . $fault->getLine());
    $response = Response::plain(500, 'Something went wrong here. Look whether it was done before you try again; the log of the server says more.');
}
$response->send();
