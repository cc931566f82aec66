#!/bin/sh
# fetch-appimage-runtime.sh FOLDER: fetches what this architecture's AppImages begin with; prints its path. The AppImage
# project releases it as type2-runtime; another file than the one of appimage-runtime.sums is not taken.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
RELEASE=20251108
name=runtime-$(uname -m)

mkdir -p "$1"
cd "$1"
curl --fail --silent --show-error --location --proto =https --output "$name" \
    "https://github.com/AppImage/type2-runtime/releases/download/$RELEASE/$name"
grep "  $name\$" "$HERE/appimage-runtime.sums" | sha256sum --check --quiet - >&2
echo "$(pwd)/$name"
