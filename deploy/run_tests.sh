#!/bin/sh
# Lint first, then every test that needs no server, on both cores, with the lines they cover; types beside them.
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

scratch=$(mktemp -d)
mkdir "$scratch/rest" "$scratch/processes"
beside=""
types=""
trap 'kill $beside $types 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

echo "ruff, mypy, djlint"
"$venv/bin/ruff" check -q .
"$venv/bin/ruff" format -q --check .
"$venv/bin/mypy" --no-error-summary >"$scratch/mypy.log" 2>&1 &
types=$!
"$venv/bin/djlint" --check --lint --quiet apps project

# Tests of the processes share an installation a file, and wait more than they work: they run beside the others, two
# files at a time. What they cover runs in processes of its own, which no coverage sees.
VOTEKIN_TEST_DIR="$scratch/processes" "$venv/bin/python" -m pytest -n 2 --dist loadfile \
    -m "processes and not services${select:+ and $select}" tests >"$scratch/processes.log" 2>&1 &
beside=$!
status=0
VOTEKIN_TEST_DIR="$scratch/rest" "$venv/bin/python" -m slipcover -m pytest -n 2 --dist worksteal \
    -m "not processes and not services${select:+ and $select}" tests || status=$?
wait "$beside" || status=$?
beside=""
wait "$types" || status=$?
types=""
cat "$scratch/mypy.log"
echo "The tests of the processes and of the browser, which ran beside these:"
cat "$scratch/processes.log"
exit "$status"
