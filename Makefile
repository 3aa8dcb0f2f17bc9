# Résonance. `make demo` shows it, `make test` checks it; `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PORT ?= 8000
PY := .venv/bin/python
# Compiled code is kept: the processes that the tests start would each compile everything again.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest
# Extra arguments for pytest: make test ARGS="-x"
ARGS ?=
# The topic of `make quick`: a word of pytest -k, or a path under tests/.
T ?=

SERVICES_DATABASE := postgres://postgres@127.0.0.1:5432/test
SERVICES_REDIS := redis://127.0.0.1:6379/0
LOCK := $(PY) -m uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: help demo install install-tests test test-services test-long quick bench lint format migrations lock screenshots clean

help: ## cette liste
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

demo: ## la démonstration sur http://127.0.0.1:8000 (PORT=8001 pour un autre port)
	@PORT="$(PORT)" sh scripts/install.sh demo
	@DEMO=1 PORT="$(PORT)" BASE_URL="http://127.0.0.1:$(PORT)" exec $(PY) manage.py demo

install: ## installe ce qu’il faut pour la démonstration, sans la lancer
	@sh scripts/install.sh

install-tests: ## installe aussi ce qu’il faut pour les tests
	@sh scripts/install.sh tests

test: install-tests ## tous les tests sur SQLite, parcours au navigateur compris
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) -n 2 --dist worksteal -m "not long and not services" $(ARGS)

test-services: install-tests ## les mêmes sur PostgreSQL et Redis (DATABASE_URL, REDIS_URL)
	@DATABASE_URL="$${DATABASE_URL:-$(SERVICES_DATABASE)}" REDIS_URL="$${REDIS_URL:-$(SERVICES_REDIS)}" \
		$(PYTEST) -n 2 --dist worksteal -m "not long" $(ARGS)

test-long: install-tests ## les tests longs
	@$(PYTEST) -n 2 --dist worksteal -m "long and not services" $(ARGS)

quick: ## le sujet en cours, en moins de 30 secondes : make quick T=rencontres
	@test -n "$(T)" || { echo "Dites le sujet : make quick T=pairs, ou T=tests/pairing" >&2; exit 2; }
	@if [ -e "$(T)" ]; then set -- "$(T)"; else set -- -k "$(T)"; fi; \
		$(PYTEST) "$$@" -x -m "not long and not services and not browser" $(ARGS)

bench: install ## mesure un rapprochement, de 100 à 30 000 personnes, et écrit docs/benchmarks.md
	@$(PY) scripts/bench_pairing.py

lint: install-tests ## style, gabarits, migrations, réglages de production
	@sh scripts/lint.sh

format: ## remet en forme le code Python
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

migrations: ## refait les migrations initiales, les seules jusqu’à la version 1.0
	@$(PY) scripts/initial_migrations.py

lock: ## recalcule les versions verrouillées (requirements*.txt, package-lock.json)
	@$(PY) -c "import uv" 2>/dev/null || $(PY) -m pip install --quiet uv
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@npm install --package-lock-only

screenshots: install-tests ## refait les images du README depuis la démonstration, lancée à côté
	@$(PY) scripts/screenshots.py --base "http://127.0.0.1:$(PORT)" --readme

clean: ## efface la base, les fichiers et les environnements de ce dossier
	@rm -rf var .venv node_modules .ruff_cache .pytest_cache .hypothesis
