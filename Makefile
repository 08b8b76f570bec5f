# make start   builds everything and serves the demonstration on http://localhost:8787
# make dev     serves the console with hot reload against the demonstration's authority, on http://localhost:8787
# make build   builds the package, the Workers and the console, as far as they are not built
# make test    runs every test, and the lints: about an hour
# make test-fast runs what needs no browser and is quick: format and lints of Biome, Rust's unit tests and vectors, most tests of the package; under a minute
# make test-apps tries the packed package in frameworks' own apps alone, as make test does at its end
# make lint    checks format, lints and types: Rust, TypeScript, JavaScript, CSS, JSON and Markdown
# make format  writes the format of all of them
# make contract writes the names and numbers that all parts share, pkg/src/contract.ts, the command types and tables of documents, from the tables in src
# make site    builds the documentation site into target/site/dist: static files, for any folder
# make audit   checks the licences, sources and duplicates of crates (installs cargo-deny once, about five minutes)
# make msrv    compiles with the lowest Rust that Cargo.toml promises (installs that Rust once)
# make release checks that a release is ready, builds and packs it, and prints what to push: ARGS=--dry-run to check alone
# make docs    writes the reference of the crate (target/doc) and of the package (docs/api)
# make bench   measures against other libraries, prints tables and writes them into README.md and docs/measured.md
# make fuzz    runs the fuzz targets: TIME=600 seconds altogether, TARGET=opening for one
# make fixtures writes tests/vectors and tests/fixtures again, after a change of their generators or of a question in them
# make conformance PROGRAM="…" asks another implementation every vector and every opening fixture: docs/conformance.md
# make mutants looks for changes of the core that no test notices: SHARD=1/8 for an eighth, FILE=src/rules/origin.rs for a file
# make clean   removes everything that was built and installed here
# Every step is skipped when it is done already.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help start dev contract test test-apps site bench fuzz fixtures conformance mutants docs build lint clean
.PHONY: format audit msrv release test-fast

RUST := build.rs Cargo.toml Cargo.lock .cargo/config.toml $(shell find src -name '*.rs')
PACKAGE := $(shell find pkg/src -name '*.ts') pkg/package.json pkg/tsconfig.json pkg/tsconfig.angular.json scripts/build.mjs scripts/declarations.mjs scripts/glue.mjs scripts/tools.mjs scripts/wasm.mjs
SITE := $(shell find docs -not -path '*/node_modules/*' -not -path 'docs/api/*' -type f) tests/vectors/seed.json demo/organization.mjs bench/README.md CONTRIBUTING.md scripts/site.mjs scripts/api-page.mjs scripts/error-pages.mjs edge/authority/wire.ts $(wildcard edge/openapi/* edge/openapi/routes/*) pkg/typedoc.json
WEB := $(shell find edge www demo -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/.wicketgate/*' -type f)

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

start: build
	node demo/start.mjs

dev: build
	node demo/dev.mjs

build: target/.built-web

# The types of the package are what the page and the Workers are checked against.
lint: target/.setup-lint target/.built-package
	@echo "Rust: its format, then clippy, natively and for the three WebAssembly modules"
	cargo fmt --check
	cargo clippy --quiet --all-targets --features authority -- -D warnings
	cargo clippy --quiet --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --quiet --target wasm32-unknown-unknown --features authority -- -D warnings
	cargo clippy --quiet --target wasm32-unknown-unknown --target-dir target/member --config 'target.wasm32-unknown-unknown.rustflags=["--cfg","member_module"]' -- -D warnings
	@echo "TypeScript, JavaScript, CSS, JSON and Markdown: format and lints, then types, then the lints that need types"
	node_modules/.bin/biome ci --error-on-warnings
	npm run --silent typecheck -w edge -w www
	node_modules/.bin/tsc -p docs
	node_modules/.bin/tsc -p tests/types
	node_modules/.bin/tsc -p tests/types/builders
	node_modules/.bin/eslint
	@echo "lint: nothing found"

format: target/.setup-lint target/.npm
	cargo fmt
	node_modules/.bin/biome format --write

test: lint build site target/.setup-test
	cargo test --quiet --features authority
	TIME=60 node scripts/fuzz.mjs
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --features authority
	node scripts/browser-tests.mjs
	node --test tests/node/*.test.mjs
	node --test --test-concurrency=2 tests/edge/*.test.mjs
	node --test --test-concurrency=2 tests/page/*.test.mjs
	node --test tests/engines/*.test.mjs
	node --test tests/consumers/*.test.mjs
	$(MAKE) --no-print-directory test-apps

# These take more than some seconds each, or need what only a whole build makes.
SLOW := baseline client-retry conformance own-properties guides hovers init lint memory realms soak

test-fast: target/.built-package
	node_modules/.bin/biome ci --error-on-warnings
	cargo test --quiet --features authority --lib --test vectors --test opening
	node --test $(filter-out $(SLOW:%=tests/node/%.test.mjs),$(wildcard tests/node/*.test.mjs))

test-apps: target/.built-package target/.setup-test
	@echo "Apps of frameworks, test runners and TypeScripts: installs each from npm, builds it for production, and asks (about ten minutes)"
	node --test --test-concurrency=2 tests/consumers/apps/*.test.mjs

# A failed build leaves the file as it is.
contract:
	@mkdir -p target
	cargo run --quiet --features authority --bin contract > target/contract.ts
	cargo run --quiet --features authority --bin contract audit > target/entries.ts
	mv target/contract.ts pkg/src/contract.ts
	mv target/entries.ts www/src/pages/audit/entries.ts
	node scripts/contract-tables.mjs

site: target/.built-site

audit: target/.setup
	node scripts/audit.mjs

msrv:
	node scripts/msrv.mjs

release:
	node scripts/release.mjs $(ARGS)

bench: target/.built-package
	cd bench && npm ci --no-audit --no-fund --silent && node run.mjs

fuzz: target/.setup
	node scripts/fuzz.mjs

fixtures:
	UPDATE_FIXTURES=1 cargo test --quiet --features authority --lib --test opening --test vectors

conformance:
	@test -n '$(subst ','\'',$(PROGRAM))' || { echo 'error: say which program: make conformance PROGRAM="python3 adapter.py"'; exit 1; }
	node tests/conformance/run.mjs -- $(PROGRAM)

mutants: target/.setup
	node scripts/mutants.mjs

docs: target/.built-package
	cargo doc --no-deps --features authority
	cd pkg && ../node_modules/.bin/typedoc

clean:
	rm -rf target pkg/dist edge/dist www/dist node_modules

# What the steps leave behind, so that they are skipped next time.

target/.setup: scripts/setup.mjs scripts/tools.mjs Cargo.lock
	@command -v node >/dev/null || { echo "error: Node 20 or newer is missing: install it from https://nodejs.org, then run this again"; exit 1; }
	node scripts/setup.mjs
	@mkdir -p target && touch $@

target/.setup-lint: target/.setup
	node scripts/setup.mjs --lint
	@touch $@

target/.setup-test: target/.setup
	node scripts/setup.mjs --test
	@touch $@

target/.npm: package.json package-lock.json pkg/package.json edge/package.json www/package.json demo/package.json docs/package.json tests/package.json
	npm ci --no-audit --no-fund
	@mkdir -p target && touch $@

target/.built-package: target/.setup target/.npm $(RUST) $(PACKAGE) scripts/notices.mjs README.md CHANGELOG.md SECURITY.md LICENSE $(wildcard docs/*.*)
	node scripts/build.mjs
	@touch $@

target/.built-site: target/.built-package $(SITE)
	node scripts/site.mjs
	@touch $@

target/.built-web: target/.built-package $(WEB)
	node demo/build.mjs
	@touch $@
