#!/bin/sh
# build-msi.sh BUNDLE OUTPUT [VERSION]: packs the frozen bundle for Group Policy and Intune; prints the package's path.
# Programs and package are signed if CALLUP_SIGN_KEY is set (see sign.sh). Debian: wixl msitools.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/windows
VERSION=${3:-$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")}

"$HERE/sign-bundle.sh" "$1"
package=$(PYTHONPATH=$ROOT "${PYTHON:-python3}" -m installers.windows.package "$1" "$ROOT/build/icons/callup.ico" "$2" "$VERSION")
[ -z "${CALLUP_SIGN_KEY:-}" ] || "$HERE/sign.sh" "$package"
echo "$package"
