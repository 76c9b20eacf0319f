# Each target sets up what it needs: system libraries by apt, the rest in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO := out/demo
AUDIT := .venv-audit

# Libraries that no Python package brings, by what needs them.
RUN_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
TEST_PACKAGES := $(RUN_PACKAGES) git libatomic1 chromium poppler-utils qpdf ghostscript jing \
  newsboat default-jre-headless
# What only the slow tests look for besides; without them these are skipped.
SLOW_PACKAGES := $(TEST_PACKAGES) pgbouncer postfix postgresql spamassassin

# A real Bluesky server for one of the slow tests, which is skipped without it.
PDS := $(if $(SYNDICATE_PDS),$(SYNDICATE_PDS),$(HOME)/.cache/syndicate/pds)

.PHONY: pds
pds:
	mkdir -p $(PDS)
	npm install --prefix $(PDS) --no-fund --no-audit @atproto/dev-env

.PHONY: help demo test slow check audit-dependencies bench docs clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    publish the sample newsroom through every channel"
	@echo "make test    run the tests"
	@echo "make slow    run the tests that take minutes: fuzzing, crashes by the hundred, big files"
	@echo "make check   lint, types, import contracts, generated references"
	@echo "make audit-dependencies   look for known vulnerabilities of what is installed (network)"
	@echo "make pds     install a Bluesky server for the slow tests, outside this folder (npm)"
	@echo "make bench   compare with peers"
	@echo "make docs    write the generated references anew"

# What the goals of this run need, so that all that is missing is told at once.
GOALS = $(filter $(1),$(MAKECMDGOALS))
PACKAGES := $(sort $(if $(call GOALS,demo bench),$(RUN_PACKAGES)) \
  $(if $(call GOALS,test),$(TEST_PACKAGES)) $(if $(call GOALS,slow),$(SLOW_PACKAGES)))

# Before anything else: install what is missing as root, or else say in one line how, and stop.
# A program counts as well where it did not come as a Debian package. Other systems have other
# names for all of these; there what is missing shows when it is used.
.PHONY: packages
packages:
	@test -x $(BIN)/pip || $(PYTHON) -c 'import ensurepip' 2>/dev/null || venv=python3-venv; \
	missing=$$(command -v dpkg-query >/dev/null || exit 0; for p in $$venv $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}\n' $$p 2>/dev/null | grep -q 'ok installed' || \
	  command -v $$p >/dev/null || echo $$p; done); \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ]; then \
	  echo "installing with apt-get:" $$missing; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -qq -y --no-install-recommends $$missing >/dev/null || exit 1; \
	elif [ -n "$$missing" ]; then \
	  echo "packages are missing; run: sudo apt-get install" $$missing >&2; exit 1; \
	fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …" >&2; exit 1; }

$(STAMP): pyproject.toml constraints.txt | packages
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(STAMP)
	rm -rf $(DEMO)
	$(BIN)/syndicate init $(DEMO) --samples >/dev/null
	$(BIN)/syndicate publish --root $(DEMO)
	@echo "Open what was made: $(DEMO)/out/ and $(DEMO)/drafts/"

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 $(ARGS)

slow: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m slow -o faulthandler_timeout=3600 $(ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

# Not a part of `check`: it needs the network, and says in one line if that does not allow it.
audit-dependencies:
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv --clear $(AUDIT) && \
	  $(AUDIT)/bin/pip install --quiet --disable-pip-version-check pip-audit; } >/dev/null 2>&1 || \
	  { echo "not audited: pip-audit cannot be installed from here"; exit 0; }; \
	told=$$($(AUDIT)/bin/pip-audit --progress-spinner off --timeout 15 --strict \
	  --no-deps --disable-pip -r constraints.txt 2>&1) && { echo "$$told"; exit 0; }; \
	if echo "$$told" | grep -qE 'ConnectionError|ServiceError|Max retries|Timeout|timed out|ProxyError'; \
	then echo "not audited: the list of known vulnerabilities cannot be reached from here"; \
	else echo "$$told"; exit 1; fi

bench: $(STAMP)
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: $(STAMP)
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(AUDIT) out build dist
