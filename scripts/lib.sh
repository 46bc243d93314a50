# Sourced by the scripts: where we are, what must be there, how a step is counted.
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export CARGO_TERM_PROGRESS_WHEN=never
export PATH="$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin"
target="${CARGO_TARGET_DIR:-$PWD/target}"
# One set of flags everywhere, so that the workspace is built once, with both RSA providers.
all=(--locked --workspace --all-features)
passed=0
failed=0
mkdir -p "$target"

say() { printf '%s\n' "-- $*"; }

# forget_reached LANGUAGE: what an earlier run left for scripts/test-parity does not speak for this one.
forget_reached() {
    rm -f "$PWD/target/parity/$1."{txt,not-run}
}

die() {
    say "$*"
    echo "0 passed, 1 failed"
    exit 1
}

# need COMMAND APT_PACKAGE: installs the package where that is possible, else names it.
need() {
    command -v "$1" >/dev/null 2>&1 || install_apt "$2" || die "missing: $1. Install the package $2 (or your system's name for it)."
}

install_apt() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "installing with apt-get: $1"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$1" >/dev/null </dev/null
}

need_rust() {
    command -v cargo >/dev/null 2>&1 || die "missing: cargo. Install Rust 1.89 or newer from https://rustup.rs."
    need cc build-essential
}

# need_component NAME COMMAND: a rustup component.
need_component() {
    command -v "$2" >/dev/null 2>&1 && "$2" --version >/dev/null 2>&1 && return
    say "installing with rustup: $1"
    rustup component add "$1" >/dev/null 2>&1 || die "missing: $2. Install the component $1 of your Rust toolchain."
}

lint() {
    need_component rustfmt cargo-fmt
    need_component clippy cargo-clippy
    step "formatting" cargo fmt --all --check
    step "formatting of the benches" cargo fmt --manifest-path benches/Cargo.toml --all --check
    step "clippy" cargo clippy -q "${all[@]}" --all-targets -- -D warnings
}

docs() {
    step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc -q "${all[@]}" --no-deps
}

deps() {
    need_cargo cargo-deny
    step "bans, licences, sources" cargo deny --locked --all-features check bans licenses sources
    if timeout 20 git ls-remote -q https://github.com/rustsec/advisory-db HEAD >/dev/null 2>&1; then
        step "advisories" cargo deny --locked --all-features check advisories
    else
        say "advisories: NOT CHECKED, https://github.com/rustsec/advisory-db is out of reach"
    fi
}

# need_cargo COMMAND: a cargo subcommand. Built without optimisation: a third of the time.
need_cargo() {
    command -v "$1" >/dev/null 2>&1 && return
    say "installing with cargo install: $1"
    CARGO_PROFILE_DEV_DEBUG=0 cargo install --locked --debug --no-default-features "$1" >"$target/$1.log" 2>&1 </dev/null ||
        die "cargo install $1 failed: see $target/$1.log"
}

need_venv() {
    need python3 python3
    python3 -c 'import venv, ensurepip' 2>/dev/null || install_apt python3-venv ||
        die "missing: the Python module venv. Install the package python3-venv."
}

# python_quick_start FOLDER: that of the README, by the virtual environment `venv` in a folder outside the repository; twice,
# for it makes a vault and opens it later.
python_quick_start() {
    awk '/^## Quick start/ { on = 1 } on && /^```$/ { exit } on && code { print } on && /^```python/ { code = 1 }' \
        bindings/python/README.md >"$1/quickstart.py" &&
        (cd "$1" && venv/bin/python quickstart.py && venv/bin/python quickstart.py) |
        diff - <(printf '%s\n' "Mail correct horse" "Mail correct horse")
}

# need_python: a virtual environment in target/venv with the packages of the file $1.
need_python() {
    need_venv
    if [ ! -x "$target/venv/bin/pip" ]; then
        python3 -m venv "$target/venv" || die "python3 -m venv failed"
    fi
    "$target/venv/bin/pip" install -q --disable-pip-version-check -r "$1" || die "pip could not install $1"
}

# recall NAME LOG: what a step said of its failure, which scripts/test says again at its end.
recall() {
    say "failed: $1"
    grep -aE -A 5 ' panicked at |^error|FAILED|Failure' "$2" | tail -n 60 | grep . || tail -n 30 "$2"
}

# step NAME COMMAND...: runs it, counts its tests, or the step itself where it has none.
step() {
    local name=$1 start=$SECONDS log status p=0 f=0 ignored=0
    shift
    log=$(mktemp "$target/step.XXXXXX")
    say "$name"
    "$@" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r p f ignored < <(awk '/^test result:/ { p += $4; f += $6; i += $8 } END { print p + 0, f + 0, i + 0 }' "$log")
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    [ "$f" -eq 0 ] || recall "$name" "$log" >>"$target/failures.txt"
    rm -f "$log"
    if [ "$status" -eq 0 ] && [ "$p" -eq 0 ]; then p=1; fi
    passed=$((passed + p)) failed=$((failed + f))
    [ "$ignored" -eq 0 ] || say "$ignored tests are marked #[ignore] and were not run"
    say "$name: $p passed, $f failed, $((SECONDS - start)) s"
}

# finish: the last line of every part, and its exit code.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}
