# Everything here needs Go alone; `make test` also uses a C compiler where there is one, for the race detector.
GO      ?= go
TOOLS   := $(CURDIR)/internal/tools
TMP     := $(CURDIR)/.tmp
SPEC    := $(GO) run ./internal/spec/cmd/spec
CODEGEN := $(GO) run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen --config api/oapi-codegen.yaml

# The race detector needs cgo and a C compiler. Without them the tests run without it; in CI that is an error.
RACE := $(shell [ "$$($(GO) env CGO_ENABLED)" = 1 ] && command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null && echo -race)

.DEFAULT_GOAL := help
.PHONY: help demo test generate check drift lint spec bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## run Plaid Link end to end, on loopback or, with PLAID_CLIENT_ID and PLAID_SECRET set, in Plaid's sandbox
	@$(GO) run ./cmd/plaidlink demo

test: ## run every test
ifeq ($(RACE),)
	@echo "no C compiler: the tests run without the race detector (install gcc or clang for it)" >&2
	@[ -z "$$CI" ] || { echo "the race detector is mandatory in CI" >&2; exit 1; }
endif
	$(GO) test $(RACE) ./...

generate: ## compose api/openapi.yaml and generate gen/plaid.gen.go
	$(GO) generate ./...

check: drift spec lint ## drift of generated files, validity of the spec, vet, lint

drift: # the committed files are what the sources give
	@rm -rf $(TMP) && mkdir -p $(TMP)
	$(SPEC) compose -o $(TMP)/openapi.yaml
	$(CODEGEN) -o $(TMP)/plaid.gen.go api/openapi.yaml
	@cmp $(TMP)/openapi.yaml api/openapi.yaml && cmp $(TMP)/plaid.gen.go gen/plaid.gen.go || \
		{ echo "generated files are stale: run make generate" >&2; exit 1; }
	@rm -rf $(TMP)

spec: # the composed specification holds the facts
	$(SPEC) facts

lint: # formatting, vet, staticcheck, tidy modules
	@files=$$(gofmt -l .); [ -z "$$files" ] || { echo "run gofmt -w on: $$files" >&2; exit 1; }
	$(GO) vet ./...
	$(GO) mod tidy -diff
	$(GO) build -C $(TOOLS) -o bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	$(TOOLS)/bin/staticcheck ./...

bench: ## measure decoding and calls, side by side with plain encoding/json and net/http
	$(GO) test -run '^$$' -bench . -benchmem -count 6 ./...
