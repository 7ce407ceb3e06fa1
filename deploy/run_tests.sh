#!/bin/sh
# Runs linters, type checks and every test that needs no server, on both cores. With COVERAGE=1 it prints line coverage,
# subprocesses included, and fails below the floor. With FAST=1 it runs no browser, no processes and nothing slow.
set -eu
venv=$1
floor=${COVERAGE_FLOOR:-95}

# Browser tests drive a real Chromium. Install it if this user may, else skip them and say so.
unless_browser=""
if [ -z "${FAST:-}" ] && ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing chromium for the browser tests."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    elif [ -n "${CI:-}" ]; then
        echo "Chromium is missing and this user may not install it: the browser tests cannot run." >&2
        exit 1
    else
        echo "Chromium is missing: the browser tests are skipped. To run them: apt install chromium" >&2
        unless_browser=" and not browser"
    fi
fi

scratch=$(mktemp -d)
mkdir "$scratch/main" "$scratch/processes"
background=""
types=""
trap 'kill $background $types 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
export PYTHONDONTWRITEBYTECODE=

python="$venv/bin/python -m"
if [ -n "${COVERAGE:-}" ]; then
    export COVERAGE_FILE="$scratch/coverage"
    python="$venv/bin/python -m coverage run -m"
fi

if [ -n "${FAST:-}" ]; then
    VOTEKIN_TEST_DIR="$scratch/main" exec $venv/bin/python -m pytest -n 2 --dist worksteal \
        -m "not processes and not services and not machine and not container and not browser and not slow" tests
fi

echo "ruff, mypy, djlint"
"$venv/bin/ruff" check -q .
"$venv/bin/ruff" format -q --check .
"$venv/bin/mypy" --no-error-summary >"$scratch/mypy.log" 2>&1 &
types=$!
# Quiet, djlint does not say what is wrong.
"$venv/bin/djlint" --check --lint --quiet apps project || "$venv/bin/djlint" --check --lint apps project

# Tests of processes share one installation per file and mostly wait, so they run next to the others.
VOTEKIN_TEST_DIR="$scratch/processes" $python pytest -n 2 --dist loadfile \
    -m "processes and not services and not machine and not container$unless_browser" tests >"$scratch/processes.log" 2>&1 &
background=$!
status=0
VOTEKIN_TEST_DIR="$scratch/main" $python pytest -n 2 --dist worksteal \
    -m "not processes and not services and not machine and not container$unless_browser" tests || status=$?
wait "$background" || status=$?
background=""
wait "$types" || status=$?
types=""
cat "$scratch/mypy.log"
if [ -n "${COVERAGE:-}" ]; then
    "$venv/bin/python" -m coverage combine -q
    "$venv/bin/python" -m coverage report --fail-under "$floor" || status=$?
fi
echo "Tests of processes and browser journeys, run at the same time:"
cat "$scratch/processes.log"
exit "$status"
