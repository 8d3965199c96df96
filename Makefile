# Two commands matter: `make demo` and `make test`. Both set up their own environment in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= quietpivot-demo

.PHONY: help setup demo test lint prove bench study golden reference clean

help:            ## what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/ready   ## an environment of its own, in .venv

$(VENV)/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "expected Python 3.11 on the path, found none: install it, or call make with PYTHON=..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

demo: setup      ## write the demo program, run its night, say where to look
	$(BIN)/quietpivot demo $(DEMO)

test: setup      ## everything that must hold, in one go
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

lint: setup      ## style, types and the import contract only
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

prove: setup     ## the long proofs as well (up to an hour)
	$(BIN)/python -m pytest -m "slow or not slow"

bench: setup     ## how fast the model scores here, against the natural way and the machine's limit
	$(BIN)/python -m models.benchmark

study: setup     ## worlds with known truth again: docs/study.md and its figures (some minutes)
	$(BIN)/python -m simulation

reference: setup ## write the command's reference again
	$(BIN)/python -m pipelines.cli_reference > docs/reference/cli.md

golden: setup    ## write the golden pages again; review the diff before you commit it
	QUIETPIVOT_GOLDEN=write $(BIN)/python -m pytest tests/desk

clean:           ## remove the environment and the demo program
	rm -rf $(VENV) $(DEMO) dist
