# Each target sets up what it needs and skips what is done. `make` alone says what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: help demo test lab handout slides bench bench-grade bench-widgets bench-gpu lock clean
help:
	@echo "make demo    grade the sample class in the sandbox and show the results"
	@echo "make test    all tests and gates"
	@echo "make lab     JupyterLab with lectures and exercises"
	@echo "make handout all lectures as static pages with live demos, no kernel, no network: dist/handout"
	@echo "make slides  one lecture as slides: make slides LECTURE=03 writes dist/slides"
	@echo "make bench   the benchmarks, each a ratio against a peer in the same run"
	@echo "make bench-grade    a class graded by us, stock nbgrader and otter-grader; growth, scaling, watching"
	@echo "make bench-widgets  the demos against interact and ipympl, in Chromium"
	@echo "make bench-gpu      our kernels against cuDNN, on an NVIDIA GPU with CuPy and PyTorch for CUDA"
	@echo "make lock    write requirements.lock anew from pyproject.toml"
	@echo "make clean   remove the virtual environment and everything generated"

demo: $(VENV)/grader.installed
	@tools/need bwrap
	$(BIN)/python -m autograder.sample_class

test: $(VENV)/dev.installed node_modules/.installed
	@tools/need bwrap || $(IF_OPTIONAL)
	@tools/need chromium || $(IF_OPTIONAL)
	@tools/need postgresql || $(IF_OPTIONAL)
	@tools/need torch $(BIN)/python || $(IF_OPTIONAL)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) --numprocesses auto tests/coursekit
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) --numprocesses auto --dist loadfile tests/browser
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) --numprocesses auto --dist loadfile tests/course
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) --numprocesses auto --dist loadfile --ignore tests/coursekit --ignore tests/browser --ignore tests/course

# Outside CI a missing tool skips its tests, and the summary says so; in CI the tests themselves fail.
IF_OPTIONAL = true

lab: $(VENV)/grader.installed
	$(BIN)/coursekit lab

# LECTURE="03 05" limits it to these.
handout: $(VENV)/grader.installed
	@tools/need node
	$(BIN)/python -m tools.handout $(LECTURE)

slides: $(VENV)/grader.installed
	@tools/need node
	$(BIN)/python -m tools.handout --slides $(or $(LECTURE),03)

bench: $(VENV)/dev.installed
	@tools/need bwrap
	@tools/need torch $(BIN)/python || $(IF_OPTIONAL)
	$(BIN)/python -m benchmarks

# WRITE=--write keeps the results in benchmarks/results; MAX=1000 is the largest class of grading_growth.
bench-grade: $(VENV)/dev.installed
	@tools/need bwrap
	$(BIN)/python -m benchmarks $(WRITE) --max $(or $(MAX),10000) grading grading_growth grading_scaling watching

bench-widgets: $(VENV)/dev.installed
	@tools/need chromium
	$(BIN)/python -m benchmarks widgets

# It installs nothing: any Python with NumPy, CuPy, PyTorch for CUDA and matplotlib will do, as PYTHON=... names it.
# WRITE=--write keeps the results.
WITH_GPU = $(if $(filter command line,$(origin PYTHON)),$(PYTHON),$(firstword $(wildcard $(BIN)/python) $(PYTHON)))
bench-gpu:
	@$(WITH_GPU) -m benchmarks $(WRITE) gpu

lock:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --no-header --no-emit-index-url \
	  --extra lab --extra grader --extra cluster --extra gpu --extra postgresql --extra dev --upgrade --output-file requirements.lock

clean:
	rm -rf $(VENV) node_modules demo artefacts dist

$(VENV)/created:
	@tools/need python $(PYTHON)
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/grader.installed: $(VENV)/created pyproject.toml requirements.lock
	@echo "Installing the course and the grader (a few minutes the first time)"
	$(PIP) --editable '.[lab,grader]'
	@touch $@

$(VENV)/dev.installed: $(VENV)/created pyproject.toml requirements.lock
	@echo "Installing the course, the grader and the test tools (a few minutes the first time)"
	$(PIP) --editable '.[lab,grader,cluster,dev]'
	@touch $@ $(VENV)/grader.installed

node_modules/.installed: package.json package-lock.json
	@tools/need node || $(IF_OPTIONAL)
	@if command -v npm >/dev/null; then npm ci --no-audit --no-fund --loglevel=error; fi
	@mkdir -p node_modules && touch $@
