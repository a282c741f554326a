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
# A folder in which every test program leaves what it reached, for `make cover-check`; `make cover` sets it.
COVER ?=
# What another server can break is what stores promise, what the API answers on them, and migrations: these run on one in
# a container again.
CONTAINERTESTS := ^Test(Suites|API|EveryPurchase|StoresAgree|Migrat|Verify)
COVERED := domain ports adapters apps
MODULE := github.com/ipswich-retail/commerce
comma := ,
empty :=
COVERFLAGS = $(if $(COVER),-cover -covermode=atomic -coverpkg=$(subst $(empty) ,$(comma),$(foreach f,$(COVERED),$(MODULE)/$(f)/...)))
COVERARGS = $(if $(COVER),-args -test.gocoverdir=$(COVER))
# The image that is built and tried, and the version in it.
IMAGE ?= shop:local
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)

# Every folder with a go.mod, and those of them that go.work leaves out: `go test work` does not reach these.
MODULES := $(shell find . \( -name node_modules -o -name testdata -o -name '.?*' \) -prune -o -name go.mod -printf '%h\n' | sort)
OUTSIDE := ./tools
# Every package but the tests of the whole: those drive a program that is built without the race detector, take longest,
# and promise times.
TESTED := $(patsubst %,%/...,$(filter-out ./tools ./testing/integration,$(MODULES)))
RACE ?=

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

.PHONY: run
run: ## serve the demo shop; ARGS="--seed FILE --store postgres" and so on
	$(GO) run ./apps/shop $(ARGS)

.PHONY: build
build: ## compile every module
	$(GO) build -o /dev/null work
	@for m in $(OUTSIDE); do (cd $$m && GOWORK=off $(GO) build -o /dev/null ./...); done

.PHONY: test
test: ## all tests of all modules; needs PostgreSQL's programs, no Docker
	$(GOTEST) $(TESTFLAGS) $(RACE) $(COVERFLAGS) $(TESTED) $(COVERARGS)
	$(GOTEST) $(TESTFLAGS) -timeout 30m $(COVERFLAGS) ./testing/integration/... $(COVERARGS)
	@for m in $(OUTSIDE); do (cd $$m && GOWORK=off $(GOTEST) $(TESTFLAGS) ./...); done

.PHONY: test-short
test-short: ## the tests that need no database
	$(MAKE) test TESTFLAGS="-short $(TESTFLAGS)"

# Parts of the tests, for the jobs of CI; .ci/run runs all of them, each once.
.PHONY: test-unit
test-unit: ## the tests that need no database, with the race detector
	$(MAKE) test-short TESTFLAGS="-race $(TESTFLAGS)"

.PHONY: test-api
test-api: ## the API: its contract on every store, hostile requests, tampering
	cd testing/integration && GOWORK=off $(GOTEST) $(TESTFLAGS) -run '^Test(API|HTTP|Hostile|Tampering)' .

.PHONY: test-containers
test-containers: ## the suites on PostgreSQL in a container; needs a Docker engine
	cd testing/containers && GOWORK=off COMMERCE_TEST_POSTGRES=docker $(GOTEST) $(TESTFLAGS) -count=1 -timeout 30m ./...
	cd testing/integration && GOWORK=off COMMERCE_TEST_POSTGRES=docker $(GOTEST) $(TESTFLAGS) -count=1 -timeout 30m -run '$(CONTAINERTESTS)' ./...

.PHONY: quality
quality: build tidy-check standalone lint generate-check ## everything but the tests

# The race detector pays in all packages; what they are together is tested by the program as it is shipped.
.PHONY: check
check: quality ## all that must hold before a change is merged
	$(MAKE) test RACE=-race

.PHONY: cover
cover: ## all tests, and their coverage: 90 % of each package of the domain, 75 % of all
	rm -rf $(CURDIR)/.cache/cover && mkdir -p $(CURDIR)/.cache/cover
	$(MAKE) test COVER=$(CURDIR)/.cache/cover
	$(MAKE) cover-check COVER=$(CURDIR)/.cache/cover

.PHONY: cover-check
cover-check: ## hold what tests left in the folder COVER against the floors
	$(GO) tool covdata textfmt -i=$(COVER) -o $(COVER)/profile.txt
	$(GO) list -f '{{.ImportPath}} {{.Dir}}' $(foreach f,$(COVERED),$(MODULE)/$(f)/...) >$(COVER)/packages.txt
	cd tools && GOWORK=off $(GO) run ./cover -packages $(COVER)/packages.txt $(COVER)/profile.txt

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

.PHONY: security
security: $(BIN)/golangci-lint $(BIN)/govulncheck $(BIN)/gitleaks ## govulncheck, gosec, gitleaks
	tools/security

.PHONY: image
image: ## build the image IMAGE (shop:local) with Docker
	docker build -f apps/shop/deploy/Dockerfile $(if $(GOPROXY),--build-arg GOPROXY=$(GOPROXY)) --build-arg VERSION=$(VERSION) -t $(IMAGE) .

.PHONY: smoke
smoke: ## bring IMAGE and PostgreSQL up with Compose, buy something, restart both, take all down
	apps/shop/deploy/smoke.sh $(IMAGE)

.PHONY: reproduce
reproduce: ## build the binary of IMAGE again and compare it bit by bit
	apps/shop/deploy/reproduce.sh $(IMAGE)

.PHONY: image-scan
image-scan: ## look into IMAGE for what is known to be vulnerable; needs Trivy
	trivy image --exit-code 1 --severity HIGH,CRITICAL --ignore-unfixed --scanners vuln,secret $(IMAGE)

.PHONY: format
format: $(BIN)/golangci-lint ## gofumpt and import order in every module
	@for m in $(MODULES); do (cd $$m && GOWORK=off $(BIN)/golangci-lint fmt -c $(CURDIR)/.golangci.yml); done

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (10s)
	tools/fuzz $(FUZZTIME)

.PHONY: fire
fire: ## the long forms: faults and kills (20 of the server, 10 of PostgreSQL), then 10,000 hostile requests for each operation; hours
	cd testing/integration && COMMERCE_FAULTS=full $(GO) test -run '^Test(DatabaseFaults|ServersKilled|DatabaseKilledOften|Storm)$$' -count=1 -timeout 60m -v .
	cd testing/integration && COMMERCE_FIRE=1 $(GO) test -run '^TestHostile' -count=1 -timeout 0 -v .

# A failure names its seed: `make simulate SEED=42 STEPS=100000` replays it.
STEPS ?= 10000000
SEED ?= 1
SEEDS ?= 1

.PHONY: simulate
simulate: ## run the whole shop in simulated bad weather, STEPS steps for each of SEEDS seeds from SEED on
	COMMERCE_SIMULATE=$(STEPS) COMMERCE_SIMULATE_SEED=$(SEED) COMMERCE_SIMULATE_SEEDS=$(SEEDS) \
		$(GO) test -run '^TestSimulation$$' -count=1 -timeout 0 -v ./testing/shoptest/simulation

# Allocations are the machine's only in part; times are, so a baseline of one's own says more: BASELINE=FILE.
BASELINE ?= docs/bench.txt
BENCHFLAGS ?= -count 6

.PHONY: bench
bench: $(BIN)/benchstat ## run every benchmark and compare it with the kept one, docs/bench.txt
	mkdir -p .cache
	$(GO) test -run '^$$' -bench . -benchmem $(BENCHFLAGS) $(TESTFLAGS) work | grep -E '^(goos|goarch|pkg|cpu|Benchmark)' | tee .cache/bench.txt
	$(BIN)/benchstat $(BASELINE) .cache/bench.txt

# FIGURES names some of them, such as FIGURES=checkout,list; see testing/integration/figures.
FIGURES ?= 1

.PHONY: figures
figures: ## measure the figures of performance and write docs/figures.json; quiet machine, an hour
	cd testing/integration && COMMERCE_FIGURES=$(FIGURES) COMMERCE_FIGURES_OUT=$(CURDIR)/docs/figures.json $(GO) test -run '^TestFigures' -count=1 -timeout 120m -v ./figures

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
tools: $(BIN)/golangci-lint $(BIN)/gotestsum $(BIN)/benchstat $(BIN)/actionlint $(BIN)/oasdiff $(BIN)/govulncheck $(BIN)/gitleaks ## build the pinned tools into .bin

# The pins decide when to build again. benchstat and gotestsum come along with golangci-lint.
$(BIN)/golangci-lint: tools/go.mod
	cd tools && GOWORK=off GOBIN=$(BIN) $(GO) install tool
	@touch $@

$(BIN)/gotestsum $(BIN)/benchstat: $(BIN)/golangci-lint ;

$(BIN)/actionlint $(BIN)/oasdiff $(BIN)/govulncheck $(BIN)/gitleaks: $(BIN)/%: tools/%.mod
	cd tools && GOWORK=off GOBIN=$(BIN) $(GO) install -modfile=$*.mod tool
	@touch $@
