#!/bin/sh
# Runs a command with the addresses of the servers that `make services` started: with_services.sh COMMAND…
set -eu
file=${DATA_DIR:-var}/services/env
if [ ! -f "$file" ]; then
    echo "$file is missing: start the servers first, with the same DATA_DIR: make services" >&2
    exit 2
fi
set -a
. "$(realpath "$file")"
set +a
exec "$@"
