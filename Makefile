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

# Each is a target of its own: `make types`. Those that take long first, so that both cores end at once.
CHECKS := types content promises migrations deps imports docs lint format sql templates assets

check: backend/.venv/.development  ## Everything that can be checked without a server, in under a minute
	@$(MAKE) --no-print-directory -k -j2 --output-sync=target $(CHECKS) && echo 'All hold: $(CHECKS)'

# Runs a program of the environment; without its words where it has nothing to object to.
quietly = @cd backend && said=$$(NO_COLOR=1 COLUMNS=100 .venv/bin/$(1) 2>&1) || \
	{ printf '\n── make $@: %s\n%s\n' '$(1)' "$$said"; exit 1; }

types: backend/.venv/.development  ## … the types (mypy)
	$(call quietly,mypy)

imports: backend/.venv/.development  ## … the ways of the imports (import-linter)
	$(call quietly,lint-imports)

promises: backend/.venv/.development  ## … promises of the architecture that the linters do not know
	$(call quietly,python -m tools.promises)

deps: backend/.venv/.development  ## … the dependencies (deptry)
	$(call quietly,deptry .)

lint: backend/.venv/.development  ## … the Python (ruff)
	$(call quietly,ruff check)

format: backend/.venv/.development  ## … how it is laid out; `make reformat` does it
	$(call quietly,ruff format --check)

sql: backend/.venv/.development  ## … the SQL in .sql files (sqruff)
	$(call quietly,python -m tools.sql)

templates: backend/.venv/.development  ## … the templates of the pages (djlint)
	$(call quietly,djlint app/web/templates --lint --quiet)

assets: backend/.venv/.development  ## … style sheets and scripts (oxfmt, oxlint)
	$(call quietly,oxfmt --check app/web/static)
	$(call quietly,oxlint app/web/static)

migrations: backend/.venv/.development  ## … the migrations, and their SQL (squawk)
	$(call quietly,python -m tools.migrations)

docs: backend/.venv/.development  ## … the generated documents, which `manage_db.py docs` writes
	$(call quietly,python -m tools.documents)

# Not quietly: it also says what is worth a look although it holds.
content: backend/.venv/.development  ## … the curriculum
	@cd backend && .venv/bin/python -m tools.content

reformat: backend/.venv/.development  ## Lay everything out as `make check` wants it
	@cd backend && .venv/bin/ruff check --quiet --fix --select I; .venv/bin/ruff format --quiet
	@cd backend && .venv/bin/python -m tools.sql --fix
	@cd backend && .venv/bin/oxfmt app/web/static > /dev/null

commits: backend/.venv/.development  ## Check each commit since BASE (main): its subject, and `make check`
	@cd backend && .venv/bin/python -m tools.commits $(BASE)

bench: backend/.venv/.development  ## Measure the hot paths beside raw asyncpg, and what pages weigh
	@cd backend && .venv/bin/python -m tools.benchmarks

.PHONY: help install run test check bench reformat commits $(CHECKS)
