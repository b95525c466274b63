# `make` alone lists what can be made. Everything sets up what it needs by itself.
# ARGS="…" goes to the program that a target runs.
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo dev shell hooks tour test lint format touch mutate bench chaos simulate screenshots lighthouse requirements licences sbom release clean

help:  ## list the targets
	@awk -F ':.*##' '/^[a-z-]+:.*##/ {printf "  make %-14s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup  ## run everything on this machine until Ctrl-C; prints the addresses and logins
	@$(PYTHON) -m tools.demo $(ARGS)

dev: setup-dev  ## a demo whose web process and worker start again when code changes
	@$(PYTHON) -m tools.dev $(ARGS)

shell: setup-dev  ## a Python shell inside the application, with the settings of the environment
	@$(PYTHON) -m flask --app app shell

hooks: setup-dev  ## check style before each commit in this clone
	@git config core.hooksPath tools/hooks && echo "Each commit is checked from now on."

tour: setup  ## walk the whole story against a throw-away demo, each step timed
	@$(PYTHON) -m tools.tour $(ARGS)

test: lint  ## check the code and run all tests, on SQLite and on PostgreSQL
	@tools/test $(ARGS)

lint: setup-dev  ## check style, formatting, types and templates, and (with Node) scripts and style sheets
	@$(PYTHON) -m ruff check --quiet . && $(PYTHON) -m ruff format --check --quiet . \
		|| { echo "Style: run 'make format', then mend what is left."; exit 1; }
	@$(PYTHON) -m mypy --no-error-summary \
		|| { echo "Types: mend the lines that are named above."; exit 1; }
	@$(PYTHON) -m djlint --lint --quiet templates sandbox/templates \
		|| { echo "Templates: mend the lines that are named above."; exit 1; }
	@tools/web/check lint

format: setup-dev  ## mend style and formatting where a machine can
	@$(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

touch: setup-dev  ## tap through every game on a phone's screen, twenty sittings each
	@TOUCH_SITTINGS=$${TOUCH_SITTINGS:-20} $(PYTHON) -m pytest tests/sittings/test_touch.py --numprocesses auto $(ARGS)

mutate: setup-dev  ## break decisive lines one by one and see their tests fail
	@$(PYTHON) -m tools.mutate $(ARGS)

bench: setup-dev  ## measure against the budgets
	@$(PYTHON) -m bench $(ARGS)

chaos: setup-dev  ## kill processes at random and show that nothing is lost
	@$(PYTHON) -m tools.chaos $(ARGS)

simulate: setup-dev  ## play the whole product on simulated time, seed after seed, and judge each
	@$(PYTHON) -m simulation $(ARGS)

screenshots: setup-dev  ## take a picture of each page, phone and desktop
	@$(PYTHON) -m tools.screenshots $(ARGS)

lighthouse: setup-dev  ## measure the main pages on Lighthouse's phone (needs Node and Chromium)
	@$(PYTHON) -m tools.lighthouse $(ARGS)

requirements:  ## compile requirements*.in into requirements*.txt
	@tools/requirements $(ARGS)

licences: setup-dev  ## list the dependencies' licences in docs/licences.md
	@$(PYTHON) -m tools.licences

sbom:  ## write the bill of materials of requirements.txt (CycloneDX) into build/
	@tools/sbom $(ARGS)

release: setup-dev  ## make VERSION=x.y.z of what the changelog holds as unreleased; prints how to tag it
	@$(PYTHON) -m tools.release "$(VERSION)"

setup:  ## install what the product needs into .venv
	@tools/setup runtime

setup-dev:  ## install what the tests and tools need too
	@tools/setup dev

clean:  ## remove what was installed and made here, but not your data
	@rm -rf .venv .venv-requirements .venv-sbom tools/web/node_modules build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
