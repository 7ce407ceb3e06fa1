#!/bin/sh
# Makes the virtual environment with the first interpreter that can, and uv in it.
# An interpreter is chosen by what it can import, never by its name alone.
set -eu
venv=$1
works() { "$1" -c "import sys, ssl, sqlite3, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; }
for python in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if works "$python"; then
        [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
        "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tools.txt
        exit 0
    fi
done
if python3 -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
    echo "python3 lacks ensurepip: install the package python3-venv (apt install python3-venv), then run this again." >&2
else
    echo "Python 3.11 or later is needed: install python3 and python3-venv, or name one with PYTHON=…" >&2
fi
exit 2
