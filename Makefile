# Two commands on a fresh machine with Python 3.11+ and make:  make run   make test
PYTHON ?= python3
BIN := .venv/bin
SAMPLE := examples/yellow-document-check-y901.json
SOURCES := $(shell find catalogs -type f) border_kit/desk/install.py $(shell find border_kit/catalog border_kit/screening border_kit/classification -type f -name '*.py' -o -path '*/screening/data/*.tsv')
CATALOG := border_kit/_data/catalog/manifest.json

.PHONY: run test setup check lint types contracts tests docs-check bench format wheelhouse compiled clean help

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

run: setup ## set up and check a sample shipment (opens the application at a terminal)
	@$(BIN)/border-kit open $(SAMPLE)

test: setup ## set up and run every check
	@$(MAKE) --no-print-directory check

setup: .venv/.complete $(CATALOG) ## set up .venv and build the catalog that ships
	@$(BIN)/python -m compileall -q border_kit  # a third off every start where Python may write no bytecode itself

.venv/.complete: packaging/requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "border_kit needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r packaging/requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(CATALOG): $(SOURCES) .venv/.complete
	$(BIN)/border-kit catalog build --into $(dir $@)

check: lint types contracts tests ## every check, without setting up

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

tests:
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-branch --cov-report=term:skip-covered

bench: setup ## measure what the documentation claims
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/sync/office.py
	$(BIN)/python benchmarks/casework/cases.py
	$(BIN)/python benchmarks/casework/bulk.py
	$(BIN)/python benchmarks/casework/one.py
	$(BIN)/python benchmarks/sync/patches.py
	$(BIN)/python benchmarks/sync/sticks.py
	$(BIN)/python benchmarks/casework/kill.py

format: ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheelhouse: setup ## an offline wheelhouse for Linux and Windows
	$(BIN)/python packaging/wheelhouse.py

compiled: setup ## a wheel for this platform whose comparing of names is compiled (needs a C compiler)
	$(BIN)/python packaging/compiled.py

clean: ## remove what was built
	rm -rf .venv build dist border_kit/_data packaging/wheelhouse .mypy_cache .ruff_cache .pytest_cache .coverage*
