#!/bin/sh
# Runs the demo on the servers that `make services` started: demo_with_services.sh COMMAND…
# Visitors come through nginx, as in production; gunicorn listens where nginx expects it.
set -eu
file=${DATA_DIR:-var}/services/env
if [ ! -f "$file" ]; then
    echo "$file is missing: start the servers first, with the same DATA_DIR: make services" >&2
    exit 2
fi
set -a
. "$(realpath "$file")"
if [ -z "${NGINX_URL:-}" ]; then
    echo "nginx does not run: make services ONLY=nginx" >&2
    exit 2
fi
SITE_URL=$NGINX_URL
PROXY_COUNT=1
set +a
exec "$@" --host "${NGINX_WEB%:*}" --port "${NGINX_WEB##*:}"
