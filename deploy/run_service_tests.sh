#!/bin/sh
# What needs the real servers of `make services`: the contracts of every seam, the tests whose answers a database or
# a cache could change, the demo's processes with the journey in the browser, and the faults that every run can afford.
set -eu
venv=$1
TEST_SERVERS=$(realpath "${DATA_DIR:-var}")/services/env
if [ ! -f "$TEST_SERVERS" ]; then
    echo "$TEST_SERVERS is missing: start the servers first: make services" >&2
    exit 2
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TEST_SERVERS VOTEKIN_TEST_DIR="$scratch"
"$venv/bin/python" -m pytest tests/contracts -k "not test_house" -m "not faults"
"$venv/bin/python" -m pytest -n 2 -m "not processes and not browser and not services and not faults" \
    tests/core tests/records tests/accounts tests/verification tests/contacts tests/outreach tests/staff tests/voters \
    tests/officials tests/pages tests/project
# Two installations cannot share the queues of one broker, and the steward's week has one of its own.
"$venv/bin/python" -m pytest -m "processes and not faults" tests/processes tests/browser --ignore tests/browser/test_rolls.py
"$venv/bin/python" -m pytest tests/browser/test_rolls.py
"$venv/bin/python" -m pytest -m quick_fault tests/faults
