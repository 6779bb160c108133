# Everything a contributor does, in one place. Needs Python 3.11 or newer and nothing else.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test fuzz lint fmt gen docs bench baseline lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml clients/python/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "SiMBA needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "$(PYTHON) has no venv module (on Debian: apt install python3-venv)"; exit 1; }
	@echo "Installing into $(VENV) (about two minutes the first time) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . -e clients/python
	@touch $@

setup: $(STAMP) ## Make .venv with everything, at the pinned versions

demo: setup ## Show the whole path, from a meter's payload to a bill, on the embedded stack
	@$(BIN)/simba demo

test: setup ## Run all tests
	@$(BIN)/python -m pytest

fuzz: setup ## Try many made-up requests on every operation of the REST interface (make test tries a few)
	@SIMBA_FUZZ_EXAMPLES=$${SIMBA_FUZZ_EXAMPLES:-200} $(BIN)/python -m pytest --timeout 3600 tests/e2e/test_openapi_fuzz.py

lint: setup ## Check style, types, imports, the contract, and that generated code is fresh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd clients/python && ../../$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/lint_proto.py
	$(BIN)/python tools/gen.py --check

fmt: setup ## Format the code
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

gen: setup ## Generate what follows from api/proto
	$(BIN)/python tools/gen.py

docs: setup ## Run every command and snippet of README and docs/
	$(BIN)/python -m pytest tests/e2e -k docs

bench: setup ## Run every benchmark; each prints its ratio to the engine's own ceiling
	$(BIN)/simba bench all

baseline: setup ## Take today's contract as the released one, for the breaking-change check
	$(BIN)/python tools/lint_proto.py --baseline

lock: setup ## Choose the newest versions that fit together, and pin them with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --extra dev \
	  pyproject.toml clients/python/pyproject.toml -o requirements.lock

clean: ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
