# Every target first installs what it needs and this machine lacks; see .ci/setup.
PYTHON = .venv/bin/python
EXAM = banks/container/exams/sample.yaml

.DEFAULT_GOAL = help
.PHONY: help setup exam test test-slow golden lint types layers check schema gallery bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Install what is missing: Pango and fonts by apt, Python packages into .venv
	@sh .ci/setup

exam: setup ## Build the sample exam into output/
	@$(PYTHON) -m quizgen build $(EXAM)

test: setup ## Run the tests
	@$(PYTHON) -m pytest -q -n 2 -m "not slow and not moodle"

test-slow: setup ## Run the tests that take minutes
	@$(PYTHON) -m pytest -q -n 2 -m slow

test-moodle: setup ## Run the tests that ask a real Moodle, the one in MOODLE_ROOT
	@$(PYTHON) -m pytest -q -m moodle tests/test_moodle_real*.py

golden: setup ## Run the tests and accept today's outputs as tests/golden/
	@$(PYTHON) -m pytest -q -n 2 -m "not slow and not moodle" --accept

lint: setup ## Check style and formatting (ruff)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .

types: setup ## Check types (mypy, strict)
	@$(PYTHON) -m mypy

layers: setup ## Check that imports go down the layers only (import-linter)
	@.venv/bin/lint-imports

check: lint types layers test ## All of these checks

schema: setup ## Write the JSON Schema for editors to output/schema.json
	@$(PYTHON) -m quizgen schema >output/schema.json

gallery: setup ## Show every printed document as pictures in docs/gallery/
	@$(PYTHON) tests/gallery/gallery.py

bench: setup ## Measure time and memory, and write docs/speed.md, which tells of MOST=, LIMIT= and ONLY=
	@$(PYTHON) -m benchmarks $(if $(MOST),--most $(MOST)) $(if $(LIMIT),--limit $(LIMIT)) \
		$(if $(ONLY),--only $(ONLY)) $(if $(REDRAW),--redraw)

clean: ## Remove caches and builds; .venv and output/ stay
	rm -rf build dist tests/actual .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find quizgen tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || :
