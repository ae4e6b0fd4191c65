# Everything here needs Go alone; `make test` also uses a C compiler where there is one, for the race detector.
GO        ?= go
FUZZTIME  ?= 30s
SOAKCALLS ?= 50000
SOAKRACE  ?= # -race for the race detector
TOOLS     := $(CURDIR)/internal/tools
# Modules of their own, so that importers do not require what they need.
EXAMPLES  := examples/otel examples/quickstart
NESTED    := $(EXAMPLES) internal/bench internal/e2e internal/tools
SYSTEMS   := windows/amd64 darwin/arm64 linux/386

# Go 1.27 has the JSON codec in its standard library, and ends a fuzz run in time without failing it now and then
# (golang/go#75804). An older Go fetches it as it fetches a module.
NEWGO := GOTOOLCHAIN=$(if $(filter go1.26%,$(shell $(GO) env GOVERSION)),go1.27.1,local)

# The race detector needs cgo and a C compiler. Without them the tests run without it; in CI that is an error.
RACE := $(shell [ "$$($(GO) env CGO_ENABLED)" = 1 ] && command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null && echo -race)

.DEFAULT_GOAL := help
.PHONY: help demo quickstart test generate bump check download drift api api-check lint cross figures image release spec bench codec e2e faults fuzz soak

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: ## run Plaid Link end to end, on loopback or, with PLAID_CLIENT_ID and PLAID_SECRET set, in Plaid's sandbox
	@$(GO) run ./cmd/plaidlink demo

quickstart: ## run a small web application whose users connect banks, in the sandbox or, with PLAID_CLIENT_ID and PLAID_SECRET, with Plaid; ARGS=-h lists its flags
	@echo 'Compiling the quickstart. The first time takes one to two minutes, most of them for SQLite.' >&2
	@echo 'The archive quickstart_VERSION_OS_ARCH of a release is compiled already.' >&2
	@cd examples/quickstart && $(GO) build -o quickstart . && exec ./quickstart $(ARGS)

test: download ## run every test
ifeq ($(RACE),)
	@echo "no C compiler: the tests run without the race detector (install gcc or clang for it)" >&2
	@[ -z "$$CI" ] || { echo "the race detector is mandatory in CI" >&2; exit 1; }
endif
	$(GO) test $(RACE) ./...
	$(GO) test -C examples/otel $(RACE) ./...
	@for dir in examples/quickstart $(TOOLS); do $(GO) test -C $$dir ./... || exit 1; done # with their dependencies, -race takes minutes

codec: ## test the types with the codec that is part of Go from 1.27
	$(NEWGO) $(GO) test . ./gen ./internal/faults ./sandbox ./webhook

e2e: ## let Plaid's own clients, an independent mock and a browser talk to this project (needs Node 18, npm, Chromium)
	$(GO) test -C internal/e2e -p 1 -count 1

faults: ## print the table of faults: what happens, and what the caller gets
	@$(GO) test -C internal/faults -count 1 -run '^TestFault' -args -faults

fuzz: ## run every fuzz target for FUZZTIME (30s), two at a time
	@targets=$$(for pkg in $$($(GO) list ./...); do $(GO) test -list '^Fuzz' $$pkg | sed -n "s|^Fuzz.*|$$pkg &|p"; done); \
	[ -n "$$targets" ] || { echo "no fuzz target was found" >&2; exit 1; }; \
	echo "$$targets" | xargs -P 2 -L 1 sh -c 'out=$$($(NEWGO) $(GO) test -run "^$$" -fuzz "^$$1\$$" -fuzztime $(FUZZTIME) \
		-fuzzminimizetime 3s -parallel 1 "$$0" 2>&1); code=$$?; echo "$$0 $$1"; echo "$$out" | tail -n 20; exit $$code'

soak: ## make SOAKCALLS (50000) calls against a server that misbehaves, and check every outcome
	$(GO) test -C internal/soak $(SOAKRACE) -count 1 -v -timeout 30m -args -calls $(SOAKCALLS)

generate: ## compose api/openapi.yaml and generate gen/plaid.gen.go
	$(GO) generate ./...

CONTAINER ?= docker
image: ## build the images of the sandbox and of examples/containers, with CONTAINER (docker) and without a network
	CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath -ldflags='-s -w' -o dist/sandbox/plaidlink ./cmd/plaidlink
	CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath -ldflags='-s -w' -o dist/app/app ./examples/containers
	$(CONTAINER) build -t plaidlink -f cmd/plaidlink/Dockerfile dist/sandbox
	$(CONTAINER) build -t plaidlink-app -f examples/containers/Dockerfile dist/app

bump: ## take another version of Plaid's specification: make bump SPEC=file [BASE=folder to compare with]
	@[ -n "$(SPEC)" ] || { echo "which file? make bump SPEC=path/to/new.yml" >&2; exit 2; }
	@$(GO) build -C $(TOOLS) -o bin/bump ./bump
	@$(TOOLS)/bin/bump $(if $(BASE),-base '$(BASE)') '$(SPEC)'

release: ## check whether a version can be released, and say what to do then: make release VERSION=0.2.0
	@[ -n "$(VERSION)" ] || { echo "which version? make release VERSION=0.2.0" >&2; exit 2; }
	@$(GO) test -C $(TOOLS)/release -count 1 -args -root $(CURDIR) '$(VERSION)'

check: download drift spec api-check lint cross figures ## drift of generated files, validity of the spec, the exported API, vet, lint

download: # so that what follows needs no network
	$(GO) mod download
	@for dir in $(EXAMPLES); do $(GO) -C $$dir mod download || exit 1; done

drift: # the committed files are what the sources give
	$(GO) test -count 1 -run '^TestGeneratedFilesAreCurrent$$' .

spec: # the composed specification holds the facts
	$(GO) test -C internal/spec -count 1 -run '^TestFactsHoldOfTheCommittedDocument$$'

api: ## record the exported API of the newest commit in api/go-api.txt, as a release does
	$(GO) test -C $(TOOLS)/apicheck -count 1 -args -root $(CURDIR) -write

api-check: # the exported API is that of the last version, or CHANGELOG.md announces what breaks
	$(GO) test -C $(TOOLS)/apicheck -count 1 -args -root $(CURDIR)

cross: # it compiles for other systems, 32-bit ones too, with the tests; vet links nothing
	@for s in $(SYSTEMS); do echo "go vet for $$s"; CGO_ENABLED=0 GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) vet ./... || exit 1; done

lint: # formatting, vet, staticcheck, tidy modules, spelling
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "run gofmt -w on: $$files" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) mod tidy -diff
	@for dir in $(NESTED); do $(GO) vet -C $$dir ./... && $(GO) -C $$dir mod tidy -diff || exit 1; done
	$(GO) build -C $(TOOLS) -o bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	$(TOOLS)/bin/staticcheck ./...
	@for dir in $(NESTED); do (cd $$dir && $(TOOLS)/bin/staticcheck ./...) || exit 1; done
	$(GO) build -C $(TOOLS) -o bin/misspell github.com/golangci/misspell/cmd/misspell
	@find . \( -name node_modules -o -name testdata \) -prune -o -type f \( -name '*.md' -o -name '*.go' ! -name '*.gen.go' \) -print | \
		xargs $(TOOLS)/bin/misspell -locale US -source text -error

figures: # the README's figures are those that make bench measured last
	$(GO) test -C internal/bench .

bench: ## measure calls, load and builds side by side with Plaid's official client (about ten minutes, 2 GB)
	$(GO) test -C internal/bench -count 1 -timeout 3h -run "^TestReport$$" -args -o results
