# `make run` and `make test` need Python 3.11+ and make; they set up everything else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements.sha

.PHONY: run setup test lint types locks check demo pictures previews showcase lock clean
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/autosched up --data data $(ARGS)

setup: $(STAMP)
	@$(BIN)/python -m autosched.setup

# pip checks every file against the hash in the lock; the project itself is linked, not copied.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("autosched needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV) from requirements.lock (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

test: setup
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

# The lock holds what pyproject.toml asks for, and the migrations make what the models say.
locks: setup
	@$(BIN)/python deploy/check_lock.py
	@$(BIN)/python -m pytest tests/test_migrations.py

check: lint types locks

demo: setup
	@$(BIN)/autosched demo --data data

pictures: setup
	@$(BIN)/python docs/pictures.py

# Every template in every format, three verses from short to long: to be looked at.
showcase: setup
	@$(BIN)/python -m autosched.studio.showcase $(ARGS)

previews: setup
	@$(BIN)/python -m autosched.studio.previews

lock: $(STAMP)
	@$(BIN)/python deploy/check_lock.py --write

clean:
	rm -rf $(VENV) .web reflex.lock/node_modules
