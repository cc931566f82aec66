#!/bin/sh
# sign-bundle.sh BUNDLE: signs the programs of a bundle that are not signed yet, if CALLUP_SIGN_KEY is set (see sign.sh).
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
[ -n "${CALLUP_SIGN_KEY:-}" ] || exit 0
for program in "$1/callup-desktop.exe" "$1/callup.exe"; do
    osslsigncode verify ${CALLUP_SIGN_ISSUERS:+-CAfile "$CALLUP_SIGN_ISSUERS"} -in "$program" >/dev/null 2>&1 ||
        "$ROOT/installers/windows/sign.sh" "$program"
done
# A signature changes a program, and the self-test compares all files with this list.
PYTHONPATH=$ROOT "${PYTHON:-python3}" -m installers.file_list "$1" "$1/_internal/resources/installed-files.json"
