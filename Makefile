# Two commands from a fresh clone: `make serve` and `make test`. Each makes its own virtual
# environment in .venv where none is active.

PYTHON ?= python3
VENV := $(or $(VIRTUAL_ENV),.venv)
BIN := $(VENV)/bin
# The versions that the tests ran with; `make lock` writes them anew.
LOCK := .ci/constraints.txt

.PHONY: serve test check lock clean

serve: $(VENV)/.verbatim
	@$(BIN)/verbatim serve

test: check
	$(BIN)/python -m pytest
	$(BIN)/verbatim evaluate seeds/questions.jsonl --fail-under seeds/bounds.txt

check: $(VENV)/.verbatim-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.verbatim: pyproject.toml $(LOCK) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e .
	@touch $@

$(VENV)/.verbatim-dev: pyproject.toml $(LOCK) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[dev]'
	@touch $@

lock: $(VENV)/.verbatim-dev
	$(BIN)/python -m pip freeze --exclude-editable > $(LOCK)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
