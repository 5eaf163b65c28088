# Plain commands for people. Each can be run again at any time; `make help` lists them.
# Options: PORT=8001, PYTHON=/path/to/python3.12, ARGS="what the command behind it understands".
.DEFAULT_GOAL := help
.PHONY: help demo demo-full run test prove check-publishing lint format types imports check lock labels screenshots

PY := .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

demo: ## a whole desk on this machine with a sample article: http://127.0.0.1:8000
	@bin/venv
	@exec $(PY) manage.py demo $(if $(PORT),--port $(PORT)) $(ARGS)

demo-full: ## the same, with a desk in the middle of its work
	@bin/venv
	@exec $(PY) manage.py demo --full $(if $(PORT),--port $(PORT)) $(ARGS)

run: ## the web part alone, reloading when code changes (run `make demo` once before)
	@bin/venv
	@$(PY) manage.py migrate --verbosity 0
	@DEBUG=true exec $(PY) manage.py runserver 127.0.0.1:$(or $(PORT),8000)

test: ## the whole test suite; browser tests where Chromium is found
	@bin/venv dev
	@exec $(PY) -m pytest -q -n 2 $(ARGS)

prove: ## that the short races of the suite notice a broken build (a minute or two)
	@bin/venv dev
	@PROOFS=1 exec $(PY) -m pytest -q -n 2 -m proof tests/races $(ARGS)

check-publishing: ## the 46 acceptance checks of publishing, with a table of the result
	@bin/venv dev
	@exec $(PY) -m tests.publishing_checks $(ARGS)

lint: ## style, formatting and the floors of the house
	@bin/venv dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports

format: ## put the formatting right
	@bin/venv dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

types: ## static types
	@bin/venv dev
	$(PY) -m mypy

check: lint types ## everything that is quick to check, without the tests
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

lock: ## resolve the dependencies anew and write the lock files
	@bin/venv dev
	$(PY) -m uv lock
	$(PY) -m uv export --quiet --frozen --no-default-groups --no-emit-project --no-annotate --no-header -o requirements.lock
	$(PY) -m uv export --quiet --frozen --group dev --all-extras --no-emit-project --no-annotate --no-header -o requirements-dev.lock

labels: ## compile the words of reports in other languages (claims/locale)
	@bin/venv dev
	$(PY) bin/labels

screenshots: ## make the pictures in docs/screenshots anew (needs Chromium)
	@bin/venv dev
	@exec $(PY) docs/screenshots/make.py $(ARGS)
