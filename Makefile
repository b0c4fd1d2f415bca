# Two commands from a fresh clone: `make serve` and `make test`. Each makes its own virtual
# environment in .venv where none is active.

PYTHON ?= python3
VENV := $(or $(VIRTUAL_ENV),.venv)
BIN := $(VENV)/bin
# The versions that the tests ran with; `make lock` writes them anew.
LOCK := .ci/constraints.txt

.PHONY: serve test check lock clean

serve: $(VENV)/.pincite
	@$(BIN)/pincite serve

test: check
	$(BIN)/python -m pytest
	$(BIN)/pincite evaluate seeds/questions.jsonl --fail-under seeds/bounds.txt

check: $(VENV)/.pincite-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.pincite: pyproject.toml $(LOCK) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e .
	@touch $@

$(VENV)/.pincite-dev: pyproject.toml $(LOCK) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[dev]'
	@touch $@

lock: $(VENV)/.pincite-dev
	$(BIN)/python -m pip freeze --exclude-editable > $(LOCK)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
