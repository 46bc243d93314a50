# Thin: the work is in scripts/. `make test` is the gate.
.PHONY: demo quickstart back-office test lint docs audit bench bench-long bench-languages fuzz fuzz-short torture csv-long php-calls install wheel

# The sample billing panel in PHP, on http://127.0.0.1:8080 or PORT=.
demo: ; @scripts/demo
# The vault from Rust, on a sample file.
quickstart: ; @scripts/quickstart
# A day of a hosting company, with a mail server and a server to sign in to.
back-office: ; @scripts/back-office
test: ; @scripts/test
test-%: ; @scripts/test $*
lint: ; @scripts/lint
docs: ; @scripts/docs
audit: ; @scripts/audit
bench: ; @scripts/bench
bench-long: ; @scripts/bench --long
# C, PHP, Python and Kotlin alone: what a call takes beside Rust, and beside openssl, Fernet and an empty page.
bench-languages: ; @scripts/bench-languages
fuzz: ; @scripts/fuzz 3600
fuzz-short: ; @scripts/test fuzz-short
# A million random entries through CSV and back, and the memory of the largest imports.
csv-long: ; @scripts/csv-long
# A million calls from PHP, and what memory grew.
php-calls: ; @scripts/php-calls
# The C library, its header and pkg-config file, and the helper process: make install PREFIX=/usr/local
install: ; @PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install
# The Python wheel, built for release and tried in clean environments.
wheel: ; @scripts/wheel
torture: ; @scripts/torture 10000
