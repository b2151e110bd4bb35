# Run `make help` for a list of the targets.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build install uninstall tarball deb try-deb test lint demo replicas bench fuzz screenshot clean prerequisites

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# The Node.js and npm that `make prerequisites` fetched, if it did.
export PATH := $(CURDIR)/.node/bin:$(PATH)
# NODE=bundled is about the packages, not about the Node.js that builds.
ifneq ($(NODE),bundled)
# NODE=24.21.0 or NODE=/path/to/node: build and test with this Node.js.
ifneq ($(findstring /,$(NODE)),)
export PATH := $(dir $(abspath $(NODE))):$(PATH)
else ifdef NODE
export PATH := $(CURDIR)/.node/$(NODE)/bin:$(PATH)
endif
endif

build: node_modules/.package-lock.json ## Build bin/analytics-mysql
	npm run --silent build

export PREFIX DESTDIR FORCE

install: dist/node-path ## Install in PREFIX (/usr/local), under DESTDIR; FORCE=1 replaces files that are not ours
	@src/build/package/install

uninstall: ## Remove what `make install` installed with the same PREFIX and DESTDIR
	@src/build/package/install --uninstall

tarball: dist/node-path ## Make an archive that runs where it is unpacked, in packages/; NODE=bundled: with Node.js, for ARCH (amd64 or arm64)
	@NODE='$(NODE)' ARCH='$(ARCH)' src/build/package/tarball

deb: dist/node-path ## Make a Debian package in packages/; NODE=bundled: with Node.js, for ARCH (amd64 or arm64)
	@NODE='$(NODE)' ARCH='$(ARCH)' src/build/package/deb

try-deb: prerequisites build ## As root: install, upgrade and purge DEB=packages/….deb in a minimal Debian of SUITE (trixie); needs debootstrap
	node --import tsx test/farm/try-deb.ts '$(or $(SUITE),trixie)' '$(DEB)'

test: prerequisites lint build ## Lint, build, run all tests on local replicas; NODE=22.23.3 or NODE=/path/to/node selects the Node.js
	env -u REPLICAS_FARM npm test --silent

lint: node_modules/.package-lock.json ## Check style and types
	npm run --silent lint

demo: prerequisites build ## Start local replicas, run the main commands on them, stop
	node --import tsx test/farm/demo.ts

replicas: prerequisites build ## Start local replicas for use from another terminal; Ctrl-C stops them
	node --import tsx test/farm/replicas.ts

bench: prerequisites build ## Measure the program against Node.js and the mariadb client; BENCH=rows,table measures only those lines
	node --import tsx test/bench/run.ts

fuzz: prerequisites build ## Run FUZZ_SCRIPTS random scripts (from FUZZ_SEED) and replay MUTATIONS changed conversations (from MUTATION_SEED)
	FUZZ_SCRIPTS=$${FUZZ_SCRIPTS:-5000} MUTATIONS=$${MUTATIONS:-5000} npm test --silent -- --project farm test/parity/fuzz test/replica/mutated

screenshot: prerequisites build ## Redraw the README's picture of the shell
	node --import tsx test/farm/screenshot.ts test/shell/shell.svg

prerequisites: ## Install missing tools (apt-get as root or with sudo; Node.js into .node)
	@NODE='$(NODE)' test/farm/install

clean: ## Remove everything that was built, installed or cached in this directory
	rm -rf dist packages node_modules .node

# Builds only if something has changed since, so that `sudo make install` leaves no files of root here.
dist/node-path: package.json package-lock.json $(shell find src bin -type f)
	@$(MAKE) --no-print-directory build
	@touch $@

# npm writes this file at the end of an installation.
node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing; make prerequisites installs it'; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
