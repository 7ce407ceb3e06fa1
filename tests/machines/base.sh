#!/bin/sh
# Makes the tree of a fresh Debian machine, and the folder of packages that its installation takes: base.sh SUITE FOLDER.
# The machines of the test reach no package server, so everything is fetched here. Both results stay for the next run.
set -eu
suite=$1
folder=$2
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
packages=$folder/packages
mkdir -p "$folder" "$packages/wheels"

if ! command -v mmdebstrap >/dev/null || ! command -v systemd-nspawn >/dev/null || ! command -v apt-ftparchive >/dev/null
then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq mmdebstrap systemd-container apt-utils openssh-client >/dev/null
fi

# Python's packages, while Debian's are on their way. One of them has no wheel; the last line is what builds it.
case $suite in
    bookworm) python=3.11 markers="s/ ; python_full_version < '3.1[0-9.]*'//; s/\(python_full_version\) >= '3.12'/\1 < '3'/" ;;
    *) python=3.13 markers="s/\(python_full_version\) < '3.1[0-9.]*'/\1 < '3'/; s/ ; python_full_version >= '3.12'//" ;;
esac
{
    for lock in tools prod; do
        # pip compares the markers with this computer's Python instead of the machine's.
        sed "$markers" "$root/requirements/$lock.txt" >"$packages/$lock.txt"
        python3 -m pip download -q --no-deps --disable-pip-version-check --require-hashes \
            --python-version $python --prefer-binary -d "$packages/wheels" -r "$packages/$lock.txt"
    done
    python3 -m pip download -q --disable-pip-version-check -d "$packages/wheels" setuptools setuptools-scm wheel
} &
wheels=$!

if [ ! -e "$folder/base/etc/debian_version" ]; then
    rm -rf "$folder/base" "$folder/base.part"
    mmdebstrap --quiet --variant=minbase --include="$(grep -v '^#' "$here/base.packages" | paste -sd,)" \
        "$suite" "$folder/base.part"
    ln -sf /lib/systemd/system/systemd-networkd.service "$folder/base.part/etc/systemd/system/multi-user.target.wants/"
    mv "$folder/base.part" "$folder/base"
fi

wanted=$(grep -v '^#' "$here/installed.packages" | paste -sd' ')
if [ "$(cat "$packages/wanted" 2>/dev/null)" != "$wanted" ]; then
    mkdir -p "$packages/debs/partial"
    cp -L /etc/resolv.conf "$folder/base/etc/resolv.conf"
    mkdir -p "$folder/base/packages"
    mount --bind "$packages" "$folder/base/packages"
    status=0
    chroot "$folder/base" sh -c "apt-get update -qq && apt-get install -y -qq --download-only \
        -o Dir::Cache::archives=/packages/debs -o APT::Sandbox::User=root $wanted" >/dev/null || status=$?
    umount "$folder/base/packages"
    rm -f "$folder/base/etc/resolv.conf"
    [ $status = 0 ]
    (cd "$packages/debs" && apt-ftparchive packages . >Packages)
    echo "$wanted" >"$packages/wanted"
fi
wait $wheels
