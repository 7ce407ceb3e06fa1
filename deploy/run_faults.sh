#!/bin/sh
# Breaks the servers of `make services` under load: run_faults.sh VENV MARK. A table at the end, and the same as JSON.
set -eu
venv=$1
mark=$2
TEST_SERVERS=$(realpath "${DATA_DIR:-var}")/services/env
if [ ! -f "$TEST_SERVERS" ]; then
    echo "$TEST_SERVERS is missing: start the servers first: make services" >&2
    exit 2
fi
if ! command -v faketime >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing faketime, which gives a worker a wrong clock."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq faketime >/dev/null
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TEST_SERVERS VOTEKIN_TEST_DIR="$scratch"
export FAULTS_JSON="${FAULTS_JSON:-$(dirname "$TEST_SERVERS")/$mark.json}"
"$venv/bin/python" -m pytest -m "$mark" --basetemp="$scratch/pytest" tests/faults
