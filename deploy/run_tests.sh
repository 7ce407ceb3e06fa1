#!/bin/sh
# Lint contracts first, then every test that needs no server, on both cores; coverage at the end.
set -eu
venv=$1

# The pages are tested in a real Chromium: found, or installed where this user may, or left out with a clear line.
select=""
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing chromium, which the tests of the pages drive."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    elif [ -n "${CI:-}" ]; then
        echo "No Chromium here, and this user may not install one: the tests of the pages cannot run." >&2
        exit 1
    else
        echo "No Chromium here: the tests of the pages are left out. To run them: apt install chromium" >&2
        select="not browser"
    fi
fi

echo "ruff, mypy, djlint"
"$venv/bin/ruff" check -q .
"$venv/bin/ruff" format -q --check .
"$venv/bin/mypy" --no-error-summary
"$venv/bin/djlint" --check --lint --quiet apps project

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Tests of the processes share an installation a file: two files at a time, after all others. What they cover runs in
# processes of its own, which no coverage sees.
export COVERAGE_FILE="$scratch/coverage" VOTEKIN_TEST_DIR="$scratch"
"$venv/bin/python" -m pytest -n 2 --dist worksteal -m "not processes and not services${select:+ and $select}" --cov --cov-report=term tests
"$venv/bin/python" -m pytest -n 2 --dist loadfile -m "processes and not services${select:+ and $select}" tests
