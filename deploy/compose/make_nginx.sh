#!/bin/sh
# Writes the proxy's configuration for containers from the one for machines: make_nginx.sh HOST > nginx/votekin.conf
set -eu
sed -e "s/votekin\.example\.org/$1/" -e 's/127\.0\.0\.1:8000/web:8000/' -e 's/127\.0\.0\.1:11211/memcached:11211/' \
    "$(dirname "$0")/../nginx/votekin.conf"
