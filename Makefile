# Everything runs in .venv; nothing else on the machine is touched. Python 3.11 or newer and make
# are all that has to be there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export UV_LINK_MODE := copy
# As pip does: modules are compiled once, at installation, not at the first start of each command.
export UV_COMPILE_BYTECODE := 1
COMPILE := $(UV) pip compile -q --universal --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --python-version 3.11 pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help demo site setup test check format docs lock bench clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.run ## Published tables to judgements to a letter, on real figures (demo/index.html)
	@$(BIN)/tilsyn demo --out demo

site: $(VENV)/.site ## The site with demo figures on SQLite (address and logins are printed)
	@DATA_DIR=site-demo LOCAL=1 TODAY=2023-12-04 $(BIN)/tilsyn site demo --country
	@DATA_DIR=site-demo LOCAL=1 TODAY=2023-12-04 $(BIN)/tilsyn site serve

setup: $(VENV)/.dev ## A virtual environment with everything, for developing

test: $(VENV)/.dev ## Run the test suite; the cases and the site on SQLite and on PostgreSQL
	$(BIN)/pytest -n auto
	$(BIN)/python -m pytest -n auto -p tests.postgresql tests/cases tests/site

check: $(VENV)/.dev ## Formatting, lint, types, who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measure speed into docs/benchmarks.md (an hour, 20 GB of disk; best on an idle machine)
	$(BIN)/python -m bench build/bench
	$(BIN)/python -m bench.notices
	$(BIN)/python -m bench.documents --write
	$(BIN)/python -m bench.disclosure
	$(BIN)/python -m bench.outlook build/bench
	$(BIN)/python -m bench.plan
	$(BIN)/python -m bench.site build/bench-site --write

docs: $(VENV)/.dev ## Write the reference pages that follow from the code, and the documentation site (build/docs)
	$(BIN)/python -m docs.build
	$(BIN)/zensical build --strict --clean -f mkdocs.yml

lock: $(UV) ## Lock the dependencies anew, with hashes and without naming a registry
	$(COMPILE) --group build -o requirements/run.txt
	$(COMPILE) --group build --extra site -c requirements/run.txt -o requirements/site.txt
	$(COMPILE) --group build --group dev --all-extras -c requirements/site.txt -o requirements/dev.txt

clean: ## Remove what was made
	rm -rf $(VENV) demo build dist .mypy_cache .ruff_cache .pytest_cache

$(UV):
	@command -v $(PYTHON) > /dev/null || { echo "Python is not installed; tilsyn needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$$($(PYTHON) --version) is too old; tilsyn needs Python 3.11 or newer (make PYTHON=python3.12 ...)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

# An environment that holds everything also runs the program.
$(VENV)/.run: $(UV) requirements/run.txt pyproject.toml
	@echo "Setting up (first time only) ..."
	@test -f $(VENV)/.dev && $(MAKE) --no-print-directory $(VENV)/.dev || { \
	  $(UV) pip install --quiet --require-hashes -r requirements/run.txt && \
	  $(UV) pip install --quiet --no-deps --no-build-isolation -e . ; }
	@touch $@

$(VENV)/.site: $(UV) requirements/site.txt pyproject.toml
	@echo "Setting up the site (first time only) ..."
	@test -f $(VENV)/.dev && $(MAKE) --no-print-directory $(VENV)/.dev || { \
	  $(UV) pip install --quiet --require-hashes -r requirements/site.txt && \
	  $(UV) pip install --quiet --no-deps --no-build-isolation -e . ; }
	@touch $@

$(VENV)/.dev: $(UV) requirements/dev.txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
