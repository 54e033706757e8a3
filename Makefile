# Lancar: each target is one command. `make help` lists them.
PY := backend/.venv/bin/python
PORT ?=
.DEFAULT_GOAL := help

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: backend/.venv/.installed  ## Create the environment from the lock file

backend/.venv/.installed: backend/uv.lock backend/pyproject.toml
	@test -x $(PY) || python3 -m venv backend/.venv
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install -q --disable-pip-version-check "uv>=0.9"
	@cd backend && .venv/bin/python -m uv sync --frozen --inexact --quiet
	@touch $@

run: install  ## Start everything and serve pages and API (PORT=… to choose the port)
	@cd backend && $(if $(PORT),PORT=$(PORT)) exec .venv/bin/python manage_db.py serve

test: install  ## Run every test on real PostgreSQL, Valkey and Chromium
	@cd backend && .venv/bin/python -m tests.prepare
	@cd backend && .venv/bin/python -m pytest -n 2 --dist loadgroup

check: install  ## Lint, types, architecture, dependencies, migrations and content, in under a minute
	@cd backend && .venv/bin/python -m app.cli.check

bench: install  ## Measure the hot paths beside raw asyncpg
	@cd backend && .venv/bin/python -m benchmarks

.PHONY: help install run test check bench
