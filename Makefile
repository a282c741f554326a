# What one does with this repository. `make` alone lists it. Needs Go, for `make test` PostgreSQL's programs too; `make
# check` also a C compiler (the race detector) and, for the SQL of migrations, npm.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

GO ?= go
BIN := $(CURDIR)/.bin
# How tests are run; .ci/run puts gotestsum here.
GOTEST ?= $(GO) test
TESTFLAGS ?=
FUZZTIME ?= 10s
# Arguments of the server for `make run`.
ARGS ?=

# Every folder with a go.mod, and those of them that go.work leaves out: `go test work` does not reach these.
MODULES := $(shell find . \( -name node_modules -o -name testdata -o -name '.?*' \) -prune -o -name go.mod -printf '%h\n' | sort)
OUTSIDE := ./tools

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-15s %s\n", $$1, $$2}'

.PHONY: run
run: ## serve the demo shop; ARGS="--seed FILE --store postgres" and so on
	$(GO) run ./apps/shop $(ARGS)

.PHONY: build
build: ## compile every module
	$(GO) build -o /dev/null work
	@for m in $(OUTSIDE); do (cd $$m && GOWORK=off $(GO) build -o /dev/null ./...); done

.PHONY: test
test: ## all tests of all modules; needs PostgreSQL's programs, no Docker
	$(GOTEST) $(TESTFLAGS) work
	@for m in $(OUTSIDE); do (cd $$m && GOWORK=off $(GOTEST) $(TESTFLAGS) ./...); done

.PHONY: test-short
test-short: ## the tests that need no database
	$(MAKE) test TESTFLAGS="-short $(TESTFLAGS)"

# The race detector pays everywhere: what is measured is measured by `make figures`, without it.
.PHONY: check
check: build tidy-check standalone lint generate-check ## all that must hold before a change is merged
	$(MAKE) test TESTFLAGS="-race $(TESTFLAGS)"

.PHONY: standalone
standalone: ## compile and vet each module by itself, as those who import it do
	@for m in $(MODULES); do echo "standalone $$m"; (cd $$m && GOWORK=off $(GO) vet ./...); done

.PHONY: lint
lint: $(BIN)/golangci-lint $(BIN)/actionlint $(BIN)/oasdiff ## golangci-lint in every module, actionlint, squawk, redocly, oasdiff
	@for m in $(MODULES); do echo "lint $$m"; \
		if [ -n "$$(cd $$m && GOWORK=off $(GO) list ./... 2>/dev/null)" ]; then (cd $$m && GOWORK=off $(BIN)/golangci-lint run --allow-parallel-runners -c $(CURDIR)/.golangci.yml ./...); fi; done
	$(BIN)/actionlint
	tools/lint-migrations
	tools/lint-openapi

.PHONY: format
format: $(BIN)/golangci-lint ## gofumpt and import order in every module
	@for m in $(MODULES); do (cd $$m && GOWORK=off $(BIN)/golangci-lint fmt -c $(CURDIR)/.golangci.yml); done

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (10s)
	tools/fuzz $(FUZZTIME)

# A failure names its seed: `make simulate SEED=42 STEPS=100000` replays it.
STEPS ?= 10000000
SEED ?= 1
SEEDS ?= 1

.PHONY: simulate
simulate: ## run the whole shop in simulated bad weather, STEPS steps for each of SEEDS seeds from SEED on
	COMMERCE_SIMULATE=$(STEPS) COMMERCE_SIMULATE_SEED=$(SEED) COMMERCE_SIMULATE_SEEDS=$(SEEDS) \
		$(GO) test -run '^TestSimulation$$' -count=1 -timeout 0 -v ./testing/shoptest/simulation

.PHONY: bench
bench: ## run every benchmark; compare two outputs with .bin/benchstat
	$(GO) test -run '^$$' -bench . -benchmem $(TESTFLAGS) work

.PHONY: figures
figures: ## print the figures of performance; quiet machine, minutes
	cd testing/integration && COMMERCE_FIGURES=1 $(GO) test -run '^TestFigures' -count=1 -timeout 60m -v ./...

.PHONY: tidy
tidy: ## go mod tidy in every module
	@for m in $(MODULES); do (cd $$m && GOWORK=off $(GO) mod tidy); done

.PHONY: tidy-check
tidy-check: ## fail where go mod tidy would change something
	@for m in $(MODULES); do echo "tidy-check $$m"; (cd $$m && GOWORK=off $(GO) mod tidy -diff); done

.PHONY: generate
generate: ## write what follows from the code: docs/errors.md, docs/openapi.json, the tables of docs/operations.md, the diagrams of docs/domain.md, the decorators of ports
	$(GO) run ./internal/errdoc/errdocgen
	$(GO) run ./internal/decorate/decorategen
	$(GO) run ./internal/domaindoc/domaindocgen
	COMMERCE_UPDATE=1 $(GO) test -run '^Test(OpenAPIDocumentIsKept|OperationsPage)$$' -count=1 ./apps/shop/cli

# internal/archtest compares them with the code; this names the remedy first.
.PHONY: generate-check
generate-check: ## fail where generated files are stale
	$(GO) test -run '^Test(ErrorsDocument|Decorators|DecoratorsOfSpans|PageShowsTheMachines)$$' ./internal/archtest ./internal/domaindoc
	$(GO) test -run '^Test(OpenAPIDocumentIsKept|OperationsPage)$$' ./apps/shop/cli

.PHONY: release-check
release-check: ## consume the tree as others would a release, from a file:// proxy
	cd tools && GOWORK=off $(GO) run ./release check

.PHONY: release
release: ## cut release V (such as V=v0.1.0) as tags on a commit without replaces; DRY=1 only tells
	cd tools && GOWORK=off $(GO) run ./release cut $(if $(DRY),-dry) $(V)

.PHONY: tools
tools: $(BIN)/golangci-lint $(BIN)/gotestsum $(BIN)/benchstat $(BIN)/actionlint $(BIN)/oasdiff ## build the pinned tools into .bin

# The pins decide when to build again. benchstat and gotestsum come along with golangci-lint.
$(BIN)/golangci-lint: tools/go.mod
	cd tools && GOWORK=off GOBIN=$(BIN) $(GO) install tool
	@touch $@

$(BIN)/gotestsum $(BIN)/benchstat: $(BIN)/golangci-lint ;

$(BIN)/actionlint $(BIN)/oasdiff: $(BIN)/%: tools/%.mod
	cd tools && GOWORK=off GOBIN=$(BIN) $(GO) install -modfile=$*.mod tool
	@touch $@
