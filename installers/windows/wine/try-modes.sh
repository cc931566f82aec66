#!/bin/sh
# try-modes.sh: what the setup program does for whom and where, in Wine, with two small programs in the bundle's place:
# each user's installation and the machine's, another folder, an older and a newer version, PATH. A minute.
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
PYTHON=${PYTHON:-$ROOT/.venv/bin/python}
WORK=$(mktemp -d)
export WINEPREFIX="$WORK/prefix" WINEDEBUG=-all
DRIVE=$WINEPREFIX/drive_c
# shellcheck source=installers/windows/wine/asserts.sh
. "$ROOT/installers/windows/wine/asserts.sh"
MINE="$DRIVE/users/$(id -un)/AppData/Local/Programs/CallUp Desktop"
ALL="$DRIVE/Program Files/CallUp Desktop"
ALL_PATH='HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
ENTRY='Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop'

main() {
    trap 'wineserver -k || true; rm -rf "$WORK"' EXIT
    pack
    wineboot -i >/dev/null 2>&1
    wine reg add 'HKCU\Environment' /v Path /t REG_EXPAND_SZ /d "$(long_path)" /f >/dev/null 2>&1

    setup 1.0.0 0 /S /Path
    is "$MINE/callup.exe"
    same "$(value 'HKCU\Environment' Path)" "$(long_path);$(windows_path "$MINE")" "PATH"
    setup 1.0.0 0 /S /AllUsers /Path
    value "$ALL_PATH" Path | grep -q ';C:\\Program Files\\CallUp Desktop$' || fail "PATH of all users: $(value "$ALL_PATH" Path)"
    remove "$ALL" HKLM
    gone "$ALL"
    is "$MINE/callup.exe"
    same "$(value "HKCU\\$ENTRY" DisplayVersion)" 1.0.0 "the user's entry after the machine's removal"

    echo kept >"$MINE/notes.txt"
    setup 1.0.0 0 /S '/D=C:\Elsewhere'
    is "$DRIVE/Elsewhere/callup.exe"
    same "$(ls "$MINE")" notes.txt "what stays in the old place"
    same "$(value 'HKCU\Environment' Path)" "$(long_path)" "PATH after the move"
    setup 1.0.0 87 /S '/D=C:\in quotes'
    setup 1.0.0 87 /S /D=nowhere

    setup 2.0.0 0 /S
    setup 1.0.0 1638 /S
    same "$(value "HKCU\\$ENTRY" DisplayVersion)" 2.0.0 "the version after a refusal"
    setup 1.0.0 0 /S /Downgrade /Path
    remove "$DRIVE/Elsewhere" HKCU
    gone "$DRIVE/Elsewhere"
    same "$(value 'HKCU\Environment' Path)" "$(long_path)" "PATH after the removal"
    echo "the setup program's modes hold"
}

# Longer than a string of NSIS, with a folder whose name begins like ours.
long_path() { printf 'C:\\%01500d;C:\\users\\%s\\AppData\\Local\\Programs\\CallUp Desktop2' 0 "$(id -un)"; }

# setup VERSION CODE ARGUMENT...: of an exit code this system keeps the lowest byte.
setup() {
    version=$1 wanted=$(($2 % 256))
    shift 2
    code=0
    timeout 120 wine "$WORK/CallUp-Desktop-$version-setup.exe" "$@" >/dev/null 2>&1 || code=$?
    [ "$code" = $wanted ] || fail "setup $version $* ended with $code"
}

# remove FOLDER HIVE: an uninstaller goes on in a copy of itself, and takes its entry away at the end.
remove() {
    is_listed "$2" || fail "there is no uninstall entry of $1"
    timeout 120 wine "$1/uninstall.exe" /S >/dev/null 2>&1 || fail "$1/uninstall.exe failed"
    for _ in $(seq 600); do
        is_listed "$2" || return 0
        sleep 0.1
    done
    fail "the uninstall entry of $1 is left"
}

is_listed() { [ -n "$(value "$1\\$ENTRY" DisplayName)" ]; }

pack() {
    stand_in "$WORK/bundle"
    for version in 1.0.0 2.0.0; do
        QUICK=1 "$ROOT/installers/windows/build-setup.sh" "$WORK/bundle" "$WORK" $version >/dev/null
    done
}

main
