#!/bin/sh
# Lint contracts first, then every test that needs no server, on both cores; coverage at the end.
set -eu
venv=$1
"$venv/bin/ruff" check -q .
"$venv/bin/ruff" format -q --check .
"$venv/bin/mypy" --no-error-summary
"$venv/bin/djlint" --check --lint --quiet apps project
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
COVERAGE_FILE="$scratch/coverage" VOTEKIN_TEST_DIR="$scratch" \
    "$venv/bin/python" -m pytest -n 2 --dist loadgroup --cov --cov-report=term tests
