# Each target prepares its own .venv from the hashes in requirements/ and installs drawreview into it.
PYTHON ?= python3
VENV ?= .venv
UV ?= uv
PYTEST_ARGS ?= -n auto
BENCH_ARGS ?=

# For every Python: 3.13 dropped PyEval_CallObject, elsewhere the define changes nothing.
# durable-rules' setup.py overwrites CFLAGS, so only CPPFLAGS arrives at the compiler.
export CPPFLAGS := -O2 -DPyEval_CallObject=PyObject_CallObject

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(LOCK_ARGS)

.DELETE_ON_ERROR:
.PHONY: help demo demo-web test check bench lock clean

help:
	@echo "make demo    decide examples/office.yaml and write its letter to build/demo"
	@echo "make demo-web  fill build/demo-web with projects, decisions and users, and serve it at http://127.0.0.1:8471/"
	@echo "make test    run the tests; PYTEST_ARGS='-m full' runs the long ones"
	@echo "make check   format, lint, types, imports, rule files"
	@echo "make bench   measure speed"
	@echo "make lock    pin requirements/ anew (needs uv); LOCK_ARGS=--upgrade takes newer releases"
	@echo "make clean   remove all that the targets above made"
	@echo "Another Python: make test PYTHON=python3.13 VENV=.venv-3.13"

demo: $(VENV)/installed-runtime
	$(BIN)/drawreview decide examples/office.yaml --on 2021-03-01
	$(BIN)/drawreview letter examples/office.yaml --on 2021-03-01 -o build/demo
	@echo "The letter is in build/demo"

demo-web: $(VENV)/installed-dev
	$(BIN)/python -m examples.window build/demo-web

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/drawreview law check

bench: $(VENV)/installed-bench
	$(BIN)/python -m bench $(BENCH_ARGS)

# build.txt and runtime.txt come first, so that all files agree on what they share.
lock:
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -c requirements/build.txt -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra dev --extra postgres --extra web -c requirements/build.txt -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra bench -c requirements/build.txt -c requirements/runtime.txt -o requirements/bench.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/base: requirements/build.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "drawreview needs Python 3.11 or later, $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import os, shutil, sys, sysconfig; cc = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]; sys.exit(not shutil.which(cc) and "No C compiler: " + cc + " is not there, and durable-rules is compiled here. On Debian: apt-get install gcc libc6-dev")'
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")) and "The C headers of $(PYTHON) are missing, and durable-rules is compiled here. On Debian: apt-get install python3-dev")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make a venv. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Preparing $(VENV), once; durable-rules is compiled on the way"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/build.txt
	@touch $@

# durable-rules goes first and past pip's cache, which may hold a wheel of it built without CPPFLAGS.
$(VENV)/installed-%: requirements/%.txt pyproject.toml $(VENV)/base
	@$(PIP) install --quiet --require-hashes --no-deps --no-build-isolation --no-cache-dir -c $< durable-rules
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r $<
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(PIP) check
	@touch $@
