# Lancar: each target is one command. `make help` lists them.
PY := backend/.venv/bin/python
PORT ?=
.DEFAULT_GOAL := help

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: backend/.venv/.runtime  ## Create the environment from the lock file

backend/.venv/.uv:
	@$(PY) -m pip --version >/dev/null 2>&1 || python3 -m venv --clear backend/.venv
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install -q --disable-pip-version-check "uv>=0.9"
	@touch $@

# --inexact keeps uv itself, which is not in the lock file.
backend/.venv/.runtime: backend/.venv/.uv backend/uv.lock backend/pyproject.toml
	@cd backend && .venv/bin/python -m uv sync --frozen --inexact --quiet --no-default-groups
	@touch $@

backend/.venv/.development: backend/.venv/.runtime
	@cd backend && .venv/bin/python -m uv sync --frozen --inexact --quiet
	@touch $@

run: backend/.venv/.runtime  ## Start everything and serve pages and API (PORT=… chooses the port)
	@cd backend && $(if $(PORT),PORT=$(PORT)) exec .venv/bin/python manage_db.py serve

test: backend/.venv/.development  ## Run every test on real PostgreSQL, Valkey and Chromium
	@cd backend && .venv/bin/python -m tests.prepare
	@cd backend && .venv/bin/python -m pytest -n 2 --dist worksteal

check: backend/.venv/.development  ## Lint, types, architecture, migrations and content, in under a minute
	@cd backend && .venv/bin/python -m tools.check

bench: backend/.venv/.development  ## Measure the hot paths beside raw asyncpg, and what pages weigh
	@cd backend && .venv/bin/python -m tools.benchmarks

.PHONY: help install run test check bench
