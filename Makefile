# Running and checking Sluice. `make` alone says what there is.

PORT ?= 8000
PYTHON ?= python3
WORKERS ?= 2

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test check openapi lock clean

help:
	@echo 'make run      set up, load the demonstration, serve on http://127.0.0.1:$(PORT) (PORT=9000 for another)'
	@echo 'make test     set up, run every test on SQLite and PostgreSQL'
	@echo 'make check    what a change must pass: format, lint, types, layers, tests'
	@echo 'make setup    make .venv with the command .venv/bin/sluice; does nothing the second time'
	@echo 'make openapi  write openapi.yaml anew from the declarations that run'
	@echo 'make lock     write requirements.lock anew from pyproject.toml'
	@echo 'make clean    remove .venv, caches and build products; your data in var/ stays'

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo '$(PYTHON) is not there; Python 3.11 or later is needed' >&2; exit 1; }
	@$(PYTHON) tools/environment.py
	@touch $@

run: setup
	@SLUICE_DEMO=true $(BIN)/sluice demo --address http://127.0.0.1:$(PORT)
	@export SLUICE_DEMO=true; $(BIN)/sluice ledger sequence --every 1 & tending=$$!; trap "kill $$tending" EXIT; \
	trap 'exit 143' TERM; $(BIN)/gunicorn --config gunicorn.conf.py --bind 127.0.0.1:$(PORT) & wait $$!

test: setup
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

openapi: setup
	@$(BIN)/sluice openapi > .venv/openapi.yaml && mv .venv/openapi.yaml openapi.yaml

lock:
	@$(PYTHON) tools/lock.py

clean:
	rm -rf .venv build dist sluice.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find service tests tools benchmarks migrations -name __pycache__ -type d -prune -exec rm -rf {} +
