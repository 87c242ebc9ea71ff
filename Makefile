# What one types to work on Rihla. Everything a target needs, it builds; what the machine lacks, it says in one line.
SHELL       := /bin/sh
.SHELLFLAGS := -eu -c
.NOTPARALLEL:
.DEFAULT_GOAL := help

# Reproducible: no paths, no build id, nothing of the machine. The same flags everywhere, so that what one target has
# compiled the next need not.
export CGO_ENABLED := 0
export GOFLAGS     := $(GOFLAGS) -trimpath -buildvcs=false

# The linters are a module of their own, so that the product's dependencies stay the product's. staticcheck.conf and
# tools/errcheck.txt say what they leave alone.
TOOL := go tool -modfile=tools/go.mod

# Rooms where goroutines meet. The race detector costs too much to run over everything each time; make soak does.
RACE := ./internal/intake/... ./internal/screening ./internal/screening/rules ./internal/casework ./internal/pipeline ./internal/server ./internal/jobs

# SQLite in Go is a translation of C with its own memory: instrumenting it tells nothing of ours and takes minutes. Only the
# translation itself is left out: a package with generic code would lend its uninstrumented copy of it to everybody.
RACE_FLAGS := -gcflags=modernc.org/sqlite/lib=-race=false

WEB_SOURCES := $(shell find web/src web/public -type f 2>/dev/null) web/index.html web/package.json web/vite.config.ts web/tsconfig.json
FUZZTIME    ?= 60s
ARGS        ?=

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

.PHONY: build
build: web/dist/index.html ## bin/rihla, web pages inside it
	go build -ldflags "-s -w -buildid=" -o bin/rihla ./cmd/rihla

.PHONY: demo
demo: build ## build, and start a node with live synthetic traffic; ARGS="--port 9000" is handed on
	@exec bin/rihla demo $(ARGS)

.PHONY: test
test: setup build lint unit race web e2e ## everything that must hold: lint, tests on both stores, race detector, web, browser

.PHONY: setup
setup: ## see that this machine has what building and testing need; as root, install what is missing
	@build/setup.sh

.PHONY: lint
lint: format ## gofmt, go vet, staticcheck, errcheck
	go vet ./...
	$(TOOL) staticcheck ./...
	$(TOOL) errcheck -ignoretests -exclude tools/errcheck.txt ./...

.PHONY: format
format:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { printf 'not gofmt-ed (make fmt mends it):\n%s\n' "$$unformatted"; exit 1; }

.PHONY: fmt
fmt: ## gofmt what is not
	gofmt -w $$(git ls-files '*.go')

.PHONY: unit
unit: ## go test: unit, property, fuzz seeds, both stores, the command line
	go test -timeout 10m ./...

.PHONY: race
race: ## the race detector on the rooms where goroutines meet
	CGO_ENABLED=1 go test -race -short -timeout 4m $(RACE_FLAGS) $(RACE)

.PHONY: web
web: web/node_modules/.package-lock.json ## the web app's types and tests
	cd web && npm run --silent typecheck
	cd web && npm run --silent test

.PHONY: e2e
e2e: build ## the web app in Chromium, against the real binary
	@build/e2e.sh

.PHONY: check
check: format ## what one runs before a commit, in seconds
	go vet ./...
	@[ ! -d web/node_modules ] || { cd web && npm run --silent typecheck; }

.PHONY: gen
gen: ## what is generated: tables from their sources, the API's description
	go generate ./...
	go run ./cmd/rihla openapi >web/openapi.json

.PHONY: bench
bench: build ## the product's own figures on this machine
	bin/rihla bench decode
	bin/rihla bench ingest

.PHONY: fuzz
fuzz: ## a minute of fuzzing for each target (FUZZTIME=10s for less)
	@build/fuzz.sh $(FUZZTIME)

.PHONY: soak
soak: setup build ## the long ones: race detector everywhere, crash rounds by the hundred, fuzzing
	RIHLA_SOAK=1 CGO_ENABLED=1 go test -race -timeout 120m $(RACE_FLAGS) ./...
	@build/fuzz.sh $(FUZZTIME)

.PHONY: clean
clean: ## remove what was built
	rm -rf bin web/node_modules web/coverage
	find web/dist -mindepth 1 ! -name .keep -delete

web/node_modules/.package-lock.json: web/package-lock.json web/package.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer"; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch web/dist/.keep $@
