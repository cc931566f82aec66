#!/bin/sh
# build-setup.sh BUNDLE OUTPUT [VERSION]: compiles the setup program from the frozen bundle; prints its path.
# Programs, uninstaller and setup are signed if CALLUP_SIGN_KEY is set (see sign.sh). QUICK=1 packs without compression.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/windows
VERSION=${3:-$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")}
setup=$2/CallUp-Desktop-$VERSION-setup.exe

mkdir -p "$2"
"$HERE/sign-bundle.sh" "$1"
makensis -V2 -INPUTCHARSET UTF8 -DVERSION="$VERSION" -DBUNDLE="$1" -DICON="$ROOT/build/icons/callup.ico" -DPICTURES="$ROOT/build/icons" \
    -DUPGRADE_CODE="$(cat "$HERE/upgrade-code")" -DOUTPUT="$setup" \
    ${QUICK:+-DQUICK} ${CALLUP_SIGN_KEY:+-DSIGN="$HERE/sign.sh"} "$HERE/setup.nsi" >&2
echo "$setup"
