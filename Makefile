# Everything a newcomer needs: `make demo` and `make test` do all the set-up on a machine with Python >= 3.11 and make.
PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup demo test test-slow bench bench-peers lint docs examples clean

help:
	@echo "make setup      create .venv with the locked versions"
	@echo "make demo       meet a real chatbot: 64 people x 4 replicates against ELIZA, in about half a minute"
	@echo "make test       the default tests"
	@echo "make test-slow  statistical and fault tests"
	@echo "make bench      figures of speed, as JSON"
	@echo "make bench-peers  the same null conversation through Outskirts and its peers (installs them apart, from PyPI)"
	@echo "make lint       style, types and layers"
	@echo "make docs       the pages of docs/ as a site in build/site, every warning an error"
	@echo "make examples   run every script in examples/"

setup: .venv/.ready

.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "outskirts needs Python 3.11 or newer; say where it is: make PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/uv --version 2>/dev/null | grep -q " $(UV_VERSION)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv sync --frozen --inexact --compile-bytecode --quiet
	@touch $@

demo: setup
	$(BIN)/outskirts run --scenario support --target eliza --personas 64 --replicates 4 --controls careful,mute,shuffled,single_persona --beside density --seed 0

test: setup
	@# a file's tests stay in one process, in their order
	$(BIN)/python -m pytest -n auto --dist loadfile

test-slow: setup
	$(BIN)/python -m pytest -m "slow and not alone" -n auto --dist loadfile
	$(BIN)/python -m pytest -m "slow and alone"

bench: setup
	$(BIN)/python -m benchmarks

bench-peers: setup
	$(BIN)/python -m benchmarks.peers

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	@# mypy wants a package folder named outskirts; a checkout may have any name
	@mkdir -p .mypy_cache/as && ln -sfn "$(CURDIR)" .mypy_cache/as/outskirts
	cd .mypy_cache/as && MYPYPATH=. "$(CURDIR)/$(BIN)/python" -m mypy --config-file "$(CURDIR)/pyproject.toml" $(addprefix -p outskirts.,sim personas envs agents experiments)
	@# what users write is checked as they would
	cd .mypy_cache/as && MYPYPATH=. "$(CURDIR)/$(BIN)/python" -m mypy --config-file "$(CURDIR)/pyproject.toml" outskirts/tests/package/public_api.py

docs: setup
	@# the reference wants a package folder named outskirts; a checkout may have any name
	@rm -rf build/as && mkdir -p build/as/outskirts && cp -R __init__.py sim personas envs agents experiments build/as/outskirts/
	$(BIN)/zensical build --clean --strict

examples: setup
	@for script in examples/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean:
	rm -rf .venv build *.egg-info
