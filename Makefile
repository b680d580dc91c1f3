# make quick    under a minute: vet, the order of the house, unit tests, the shipped packs; no browser
# make test     everything a change must not break; installs what is missing when root, else names it
# make bench    each path beside its limit or a rival; prints ratios
# make soak     the long ones: a server killed 10,000 times (KILLS), fuzzing by the hour (SOAK=10m for each target)
# make assets   style and script from npm;  make generate   Go from templ;  make notice   NOTICE from the modules

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: quick test whole kills bench soak assets generate notice format checks lint browser compiler nginx postgres clamav race

SOAK ?= 10m
KILLS ?= 10000
LOG := build/test.log

# What goes through `go test -v` and is worth a line: packages, failures, skips.
QUIET := grep -Ev '^(=== (RUN|PAUSE|CONT|NAME)|[[:space:]]*--- PASS|PASS$$|ok .*\[no tests to run\])' || true

quick:
	go vet ./...
	go test ./internal/house
	go test -short ./...
	go run ./cmd/waymark pack check

test: browser compiler postgres clamav checks lint whole race
	@echo "make test: all is well."

# The order is from quick to slow, so that a slip is told early.
checks:
	@wrong=$$(gofmt -l bench cmd internal packs); if [ -n "$$wrong" ]; then echo "not formatted; run gofmt -w on:"; echo "$$wrong"; exit 1; fi
	go vet ./...
	go test ./internal/house
	go run ./cmd/waymark pack check

lint:
	go tool -modfile=tools/go.mod golangci-lint run

# Everything that needs no browser, without the race detector: the great tables of answers are tried whole here.
whole:
	WAYMARK_WHOLE=1 go test -short ./...

# Servers are killed without the race detector, so that it is often: 50 times on each database, over 500 answers.
kills:
	go test -count=1 -timeout 20m -v -run 'Acknowledged|WithoutSync' ./internal/db ./internal/site

# -p 2: more packages at once would starve the browser of a machine with two cores.
race:
	@mkdir -p build
	go test -race -p 2 -timeout 20m -v ./... 2>&1 | tee $(LOG) | { $(QUIET); }
	@if grep -E '^[[:space:]]*--- SKIP' $(LOG); then echo "a skipped test counts as a failure: it should run, or say what is missing"; exit 1; fi

bench: nginx postgres
	go run ./bench

# First the kills: whatever was acknowledged must be there. Then every fuzz target of every package, one after another. A finding is kept in testdata/fuzz: commit it with the mend.
soak: postgres
	WAYMARK_KILLS=$(KILLS) go test -count=1 -timeout 12h -v -run Acknowledged ./internal/db ./internal/site
	@for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "$$package $$target for $(SOAK)"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(SOAK) $$package; \
	  done; \
	done

assets:
	npm ci --ignore-scripts
	npm run build

generate:
	go tool templ generate

notice:
	go test ./internal/house -run TestNotice -update

format:
	gofmt -w bench cmd internal packs
	go tool templ fmt internal

# Programs that do not come with Go. $(call need,what for,command that shows it is there,Debian packages)
define need
	@if ! { $(2); } >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing $(3) for $(1)"; \
	    DEBIAN_FRONTEND=noninteractive apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(3); \
	  else \
	    echo "missing for $(1). Install it, then try again: sudo apt-get install $(3)"; exit 1; \
	  fi; \
	fi
endef

browser:
	$(call need,the browser tests,test -n "$${CHROMIUM:-}" || command -v chromium || command -v chromium-browser || command -v google-chrome,chromium)

compiler:
	$(call need,the race detector,echo 'int main(void){return 0;}' | gcc -include stdlib.h -x c - -o /dev/null,gcc libc6-dev)

postgres:
	$(call need,the tests on PostgreSQL,ls /usr/lib/postgresql/*/bin/initdb,postgresql)

clamav:
	$(call need,the tests with a virus scanner,command -v clamd || test -x /usr/sbin/clamd,clamav-daemon)

nginx:
	$(call need,the bench,command -v nginx || test -x /usr/sbin/nginx,nginx-light)
