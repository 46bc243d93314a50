# Sourced by demo and test-panel: builds what the sample panel needs, and starts it on fresh data.
# shellcheck shell=bash

panel=examples/billing-panel

# panel_build: PHP with FFI, and the library.
panel_build() {
    need_rust
    need php php-cli
    php -d ffi.enable=1 -r 'exit(extension_loaded("ffi") ? 0 : 1);' ||
        die "this PHP has no extension ffi. Debian's php-cli has it; elsewhere build PHP with --with-ffi."
    php -r 'exit(extension_loaded("sodium") ? 0 : 1);' ||
        die "this PHP has no extension sodium. Debian's php-cli has it; elsewhere build PHP with --with-sodium."
    [ -e "$target/debug/libpwvault.so" ] || say "building the library; from nothing this takes a few minutes"
    cargo build -q "${all[@]}" -p pwvault-ffi || die "the library does not build"
    export PWVAULT_LIBRARY="$target/debug/libpwvault.so"
}

# panel_start PORT: fresh sample data in $PANEL_DATA, and the server as $server. Both end with the script.
panel_start() {
    PANEL_DATA=$(mktemp -d "${TMPDIR:-/tmp}/pwvault-panel.XXXXXX")
    export PANEL_DATA
    server=
    trap panel_stop EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    php -d ffi.enable=1 "$panel/sample/seed.php" "$PANEL_DATA" || die "the sample data could not be made"
    # In a group of its own, so that Ctrl-C reaches this script alone, which then stops it.
    set -m
    php -d ffi.enable=1 -d post_max_size=6M -d upload_max_filesize=5M -S "127.0.0.1:$1" "$panel/public/index.php" \
        >"$PANEL_DATA/server.log" 2>&1 </dev/null &
    server=$!
    set +m
    local tries=0
    until php -r 'exit(@fsockopen("127.0.0.1", (int) $argv[1]) ? 0 : 1);' "$1"; do
        kill -0 "$server" 2>/dev/null && [ "$((tries += 1))" -lt 100 ] || die "the server did not start: $(tail -1 "$PANEL_DATA/server.log")"
        sleep 0.1
    done
}

panel_stop() {
    trap '' HUP INT TERM
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    fi
    rm -rf "$PANEL_DATA"
}

# panel_port_is_free PORT
panel_port_is_free() {
    php -r 'exit(@stream_socket_server("tcp://127.0.0.1:" . $argv[1]) ? 0 : 1);' "$1"
}
