# Everything that this project asks of you is a target here; `make help` lists them. On a machine with Go and nothing
# else, `make demo` and `make test` fetch the rest themselves.

GO ?= go
TOOL := $(GO) tool -modfile=tools.mod
BINARY := bin/invitesim
PACKAGES := ./...
# How long each fuzz target runs in `make fuzz`; `make check` shares a minute among all of them.
FUZZTIME ?= 30s
# How many commands `make soak` compares.
SOAK ?= 50_000_000
# How long `make soak-wall` runs.
SOAKTIME ?= 10m
# On how many scenarios `make crowds` compares.
CROWDS ?= 500
# Which faults `make faults` puts in, by name; none given is all.
FAULTS ?=

.DEFAULT_GOAL := help
.PHONY: help demo build test check lint format race fuzz fuzz-minute bench golden gallery profile scenarios baselines soak soak-wall crowds faults repro clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## build the program and run the scenario steady-week: charts in out/steady-week
	$(BINARY) run steady-week

build: ## build bin/invitesim
	@mkdir -p bin
	$(GO) build -trimpath -o $(BINARY) ./cmd/invitesim

test: ## run the tests, with the arm64 binary under an emulator and report.html in Chromium; installs both if it may
	@.ci/setup emulator
	@.ci/setup browser
	$(GO) test -pgo=off -timeout 30m $(PACKAGES)

check: FAULTS = ^(a|co|l|ignore-f)
check: test lint race fuzz-minute scenarios faults demo ## all that CI runs: test, lint, race, a minute of fuzzing, scenarios, a third of the faults, demo

lint: ## format, vet, staticcheck
	@unformatted=$$($(TOOL) gofumpt -l cmd model reports scenarios sim) && \
	if [ -n "$$unformatted" ]; then echo "not formatted (make format does it):"; echo "$$unformatted"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(TOOL) staticcheck $(PACKAGES)

format: ## format all Go files
	$(TOOL) gofumpt -w cmd model reports scenarios sim

race: ## run the short tests with the race detector
	@.ci/setup compiler
	CGO_ENABLED=1 $(GO) test -pgo=off -race -short -timeout 30m $(PACKAGES)

fuzz: ## run every fuzz target for FUZZTIME (30s)
	@.ci/fuzz each $(FUZZTIME)

fuzz-minute: ## run all fuzz targets for about a minute together
	@.ci/fuzz together 60

bench: ## run the benchmarks six times and summarise them
	@mkdir -p out
	$(GO) test -pgo=cmd/invitesim/default.pgo -run '^$$' -bench . -count 6 $(PACKAGES) | tee out/bench.txt
	$(TOOL) benchstat out/bench.txt

golden: ## write the golden files, and what the pages quote from the code
	@packages=$$(grep -rl --include='*_test.go' 'flag.Bool("update"' cmd model reports scenarios sim | xargs -n1 dirname | sort -u | sed 's|^|./|') && \
	echo $(GO) test $$packages -update && $(GO) test $$packages -update

gallery: ## draw the pictures of reports/gallery again that are drawn in virtual time
	$(GO) test ./cmd/invitesim -run TestGallery -count 1 -update

profile: ## measure anew where the time goes, for the compiler: cmd/invitesim/default.pgo
	@mkdir -p out
	$(GO) test ./sim/virtual -run '^$$' -bench BenchmarkLibrary -benchtime 1x -pgo=off -o out/virtual.test -cpuprofile out/virtual.pprof
	$(GO) test ./sim/wall -run '^$$' -bench BenchmarkClosedLoop -benchtime 1x -pgo=off -o out/wall.test -cpuprofile out/wall.pprof
	$(GO) tool pprof -proto out/virtual.pprof out/wall.pprof > cmd/invitesim/default.pgo

scenarios: build ## hold every shipped scenario against its thresholds and its baseline
	@.ci/scenarios $(BINARY)

baselines: build ## accept what the shipped scenarios come to now as their baselines
	@.ci/scenarios $(BINARY) --update

soak: ## compare the store with the oracle on SOAK (fifty million) random commands, queries not counted
	$(GO) test ./model/store -run TestStoreAgainstOracle -history-commands $(SOAK) -timeout 24h -count 1 -v

crowds: ## compare both engines, the oracle and the checker on CROWDS (500) scenarios drawn at random
	$(GO) test ./sim/wall -run TestAnyCrowd -crowds $(CROWDS) -timeout 24h -count 1

faults: ## put every fault (or those that FAULTS matches) into the system, and see each caught
	@.ci/setup compiler
	@.ci/faults test '$(FAULTS)'

soak-wall: ## run people in wall time for SOAKTIME (10m), every answer checked, and look at the memory
	$(GO) test ./sim/wall -run TestSoak -soak $(SOAKTIME) -timeout 24h -count 1 -v

repro: build ## run SCENARIO again with SEED: make repro SCENARIO=steady-week SEED=7
	$(BINARY) run $(SCENARIO) --seed $(SEED) --check --force

clean: ## remove what the other targets made
	rm -rf bin out
