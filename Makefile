# Documents and other tools rely on these target names. Commands run from the checkout, as any user.
VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
HOST ?= 127.0.0.1
PORT ?= 8000
MINUTES ?= 30
ONLY ?=
SERVICES ?=
QUICK ?=
SEED ?=
DEBIAN ?= 12
TARGETS ?= 1000
.DEFAULT_GOAL := help
.PHONY: help setup setup-prod setup-dev demo test lint format bench bench-large screenshots paint messages locks \
	services services-stop test-services test-machine test-container faults soak bench-services audit security redteam \
	test-fast

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 24

setup: $(VENV)/.base ## Create the virtual environment with Votekin's requirements
setup-prod: $(VENV)/.prod ## The same with the clients of PostgreSQL, RabbitMQ, Redis and the other servers
setup-dev: $(VENV)/.dev

# uv uses the system's certificates, as pip does, so that setup works behind a private certificate authority.
$(VENV)/bin/uv: requirements/tools.txt
	@deploy/setup_venv.sh $(VENV)

$(VENV)/.base: $(VENV)/bin/uv requirements/base.txt
	@$(VENV)/bin/uv pip install -q --system-certs --python $(PY) --require-hashes -r requirements/base.txt
	@touch $@

# Compiled once: the services run as a user who cannot write the code.
$(VENV)/.prod: $(VENV)/bin/uv requirements/prod.txt
	@$(VENV)/bin/uv pip install -q --system-certs --compile-bytecode --python $(PY) --require-hashes -r requirements/prod.txt
	@$(PY) -m compileall -q apps project settings tasks manage.py
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@$(VENV)/bin/uv pip install -q --system-certs --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@$(VENV)/bin/uv pip install -q --system-certs --python $(PY) --require-hashes -r requirements/bench.txt
	@touch $@

demo: setup ## A fictional state, web and worker, a URL and three sign-ins; SERVICES=all on the real servers
	@DEMO=1 $(if $(SERVICES),deploy/demo_with_services.sh $(MANAGE) demo,$(MANAGE) demo --host $(HOST) --port $(PORT))

test: setup-dev ## Linters, types and all tests that need no server
	@deploy/run_tests.sh $(VENV)

coverage: setup-dev ## The same with line coverage, subprocesses included; fails below COVERAGE_FLOOR=95
	@COVERAGE=1 deploy/run_tests.sh $(VENV)

test-fast: setup-dev ## Tests without browser, processes and slow ones; under a minute
	@FAST=1 deploy/run_tests.sh $(VENV)

lint: setup-dev ## ruff, mypy, djlint
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint --check --lint --quiet apps project

format: setup-dev
	@$(VENV)/bin/ruff check --fix -q .
	@$(VENV)/bin/ruff format -q .

bench: $(VENV)/.bench ## Tables of speed and accuracy, with comparable tools; JSON in bench/out
	@$(PY) -m bench

bench-large: $(VENV)/.bench ## The same at 8 and 10 million; most of an hour
	@$(PY) -m bench --large

services: setup-dev ## Real servers on loopback; ONLY="postgres rabbitmq …" selects
	@$(PY) -m deploy.services start --only "$(ONLY)"

services-stop: ## Stop what `make services` started, and nothing else
	@$(PY) -m deploy.services stop --only "$(ONLY)"

test-services: setup-dev ## Contracts, journey and tests on the real servers; `make services` first
	@deploy/run_service_tests.sh $(VENV)

faults: setup-dev ## Break each server under load; a table, and JSON; QUICK=1 for CI
	@deploy/run_faults.sh $(VENV) "$(if $(QUICK),quick_fault,faults)"

test-machine: setup-dev ## Install Debian machines by docs/operations.md and by Ansible, and check them; DEBIAN=13; needs root
	@DEBIAN=$(DEBIAN) $(PY) -m pytest -m machine tests/machines

test-container: setup-dev ## Build the image and run it; needs root
	@$(PY) -m pytest -m container tests/deploy

soak: setup-dev ## Random faults under load for MINUTES=30; SEED repeats a run
	@SOAK_MINUTES=$(MINUTES) SOAK_SEED=$(SEED) deploy/run_faults.sh $(VENV) soak

bench-services: $(VENV)/.bench ## Speed and memory on the real servers; `make services` first
	@TEST_SERVERS=$$(realpath $${DATA_DIR:-var})/services/env $(PY) -m bench --services

messages: setup-dev ## Collect and compile the message catalog
	@$(MANAGE) makemessages -l es --no-location --no-obsolete --ignore .venv --ignore var
	@$(MANAGE) compilemessages -l es --ignore .venv --ignore var

security: setup-dev ## Every security control with the result of its tests
	@$(PY) -m tests.security

redteam: setup-dev ## Attack an installation of 50,000 voters over HTTP; the table goes to docs/privacy-measured.md; TARGETS=50 is smaller
	@nice $(PY) -m tests.redteam --targets $(TARGETS)

audit: setup-dev ## Dependencies with known vulnerabilities
	@$(VENV)/bin/pip-audit --require-hashes --disable-pip --progress-spinner off -r requirements/base.txt -r requirements/prod.txt -r requirements/dev.txt -r requirements/bench.txt -r requirements/tools.txt -r requirements/services.txt

locks: setup-dev ## Resolve requirements/*.in again, with hashes
	@deploy/locks.sh $(VENV)

screenshots: setup-dev ## Every page: two widths, light and dark, two languages, print; axe checks each
	@$(PY) -m tests.browser.screenshots

paint: setup-dev ## Weight of each page, and its paint time on a slow phone
	@$(PY) -m tests.browser.paint
