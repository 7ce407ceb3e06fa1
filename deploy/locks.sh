#!/bin/sh
# Resolves every requirements/*.in into its lock, from the ground up, so that the locks agree with each other.
set -eu
uv=$(realpath "$1")/bin/uv
cd requirements  # the paths of "-r" lines are relative to it
compile() { "$uv" pip compile -q --universal --generate-hashes --python-version 3.11 "$@"; }
compile tools.in -o tools.txt
compile base.in -o base.txt
compile -c base.txt services.in -o services.txt
compile -c services.txt prod.in -o prod.txt
compile -c services.txt dev.in -o dev.txt
compile -c base.txt bench.in -o bench.txt
