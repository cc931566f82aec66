#!/bin/sh
# Runs PyInstaller in Wine; the bundle is dist/windows/callup-desktop.
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
# shellcheck source=installers/windows/wine/common.sh
. "$ROOT/installers/windows/wine/common.sh"

trap end_wine EXIT
say "freezing (about two minutes)"
cd "$ROOT"
export QT_QPA_PLATFORM=offscreen
started=$(date +%s)
LOG=$WORK/freeze.log
: >"$LOG"
run 'C:\python\python.exe' -m PyInstaller --noconfirm --log-level WARN --workpath build/windows/work \
    --distpath dist/windows build.spec || { tail -n 40 "$LOG" >&2; exit 1; }
for name in bcryptprimitives icuuc mscms; do
    [ -z "$(find dist/windows -iname "$name.dll")" ] || { say "Wine's $name.dll must not be shipped"; exit 1; }
done
du -sm dist/windows/callup-desktop | awk -v s=$(($(date +%s) - started)) '{ print "windows: " $1 " MB, frozen in " s " s" }'
