#!/bin/sh
# Builds the image without Docker and without a registry: build.sh TAG [PACKAGES]
# The base is made by mmdebstrap. PACKAGES is a folder of Python packages to use instead of the index. Needs root.
set -eu
tag=$1
packages=${2:-}
cd "$(dirname "$(realpath "$0")")/../.."
base=localhost/votekin-base:12
work=$(mktemp -d /var/tmp/votekin-image.XXXXXX)
trap 'rm -rf "$work"' EXIT
if ! command -v mmdebstrap >/dev/null || ! command -v buildah >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mmdebstrap buildah >/dev/null
fi
if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
    mmdebstrap --quiet --variant=minbase bookworm "$work/base.tar"
    container=$(buildah from scratch)
    buildah add -q "$container" "$work/base.tar" / >/dev/null
    buildah commit -q "$container" "$base" >/dev/null
    buildah rm "$container" >/dev/null
fi
set -- build --quiet --isolation chroot --pull-never --format docker --build-arg "BASE=$base" --tag "$tag"
if [ -n "$packages" ]; then
    set -- "$@" --volume "$packages:/packages:ro" --build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/packages \
        --build-arg UV_OFFLINE=1 --build-arg UV_FIND_LINKS=/packages
fi
buildah "$@" --file deploy/Containerfile --ignorefile .containerignore .
