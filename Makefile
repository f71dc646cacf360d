# Every target makes or refreshes .venv by itself and is quick when nothing changed. Needs Python 3.11 or newer, nothing else.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,$(shell $(name) -c 'import sys; print("$(name)" if sys.version_info >= (3, 11) else "")' 2>/dev/null)))
BIN := .venv/bin
CODE_SERVERS := $(foreach version,4.100.3 4.139.1,.venv/code-server-$(version)/done-$(version))
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test test-all lint torture bench clients vscode jetbrains clean

demo: .venv/installed
	@$(BIN)/promptls demo

test: .venv/installed
	@$(BIN)/python -m pytest -q -n auto -m "not editor and not real and not torture"

test-all: .venv/installed .venv/editors .venv/java/fetched $(CODE_SERVERS)
	@$(BIN)/python -m pytest -q -m "editor or real"

# A fifth of all there is, on all cores; PROMPTLS_TORTURE=1 is all of it, and takes hours.
torture: .venv/installed
	@$(BIN)/python -m pytest -q -n auto -m "torture"

lint: .venv/installed
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Writes the names of prompt files into every client.
clients: .venv/installed
	@$(BIN)/python clients/patterns.py

vscode: .venv/installed
	@$(BIN)/python clients/vscode/build.py

jetbrains: .venv/installed
	@$(BIN)/python clients/jetbrains/build.py

bench: .venv/installed
	@$(BIN)/python -m tests.bench

clean:
	rm -rf .venv

.venv/installed: pyproject.toml tests/constraints.txt
	@test -n "$(PYTHON)" || { echo "promptls needs Python 3.11 or newer; say where it is: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Installing promptls into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@$(PIP) install --constraint tests/constraints.txt --editable ".[dev]"
	@touch $@

.venv/java/fetched: .venv/installed clients/jetbrains/requirements.txt
	@$(BIN)/python clients/jetbrains/jars.py
	@touch $@

$(CODE_SERVERS): .venv/installed clients/vscode/test/install-code-server.sh
	@PYTHON="$(CURDIR)/$(BIN)/python" clients/vscode/test/install-code-server.sh $(patsubst done-%,%,$(notdir $@)) $(@D)

.venv/editors: .venv/installed tests/real/aimock.py
	@$(PIP) install --constraint tests/constraints.txt --editable ".[dev,editors,real]"
	@$(BIN)/python -m tests.real.aimock
	@touch $@
