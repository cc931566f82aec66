#!/bin/sh
# try-msi.sh [BUNDLE]: what the MSI does to a computer, in Wine: installation, upgrade, downgrade, repair, removal, PATH,
# and beside the setup program; two small programs stand in the bundle's place if none is named. A minute.
# Wine has no rights, no Restart Manager, and an icacls that does nothing: a stand-in says what that was called with.
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
PYTHON=${PYTHON:-$ROOT/.venv/bin/python}
WORK=$(mktemp -d)
export WINEPREFIX="$WORK/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=;icacls.exe=n"
DRIVE=$WINEPREFIX/drive_c
# shellcheck source=installers/windows/wine/asserts.sh
. "$ROOT/installers/windows/wine/asserts.sh"
GIVEN=${1:-$WORK/stand-in}
BUNDLE=$WORK/bundle
ALL="$DRIVE/Program Files/CallUp Desktop"
MANAGED="$DRIVE/ProgramData/CallUp Desktop"
# Wine has the user's start menu in the place of everybody's.
LINK="$DRIVE/users/$(id -un)/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/CallUp Desktop.lnk"
CLASSES='HKLM\Software\Classes'
OPEN='"C:\Program Files\CallUp Desktop\callup-desktop.exe" "%1"'
PATH_KEY='HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
SETUPS_ENTRY='HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop'

main() {
    trap 'wineserver -k || true; rm -rf "$WORK"' EXIT
    pack
    wineboot -i >/dev/null 2>&1
    cp "$WORK/stand-in/callup.exe" "$DRIVE/windows/system32/icacls.exe"
    path=$(in_path)

    echo "installing" >&2
    msi 0 /i 1.0.0
    installed 1.0.0
    same "$(in_path)" "$path" "PATH, which nobody asked for"
    grep -q '"C:\\ProgramData\\CallUp Desktop" /inheritance:r /grant:r \*S-1-5-32-544:(OI)(CI)F' "$DRIVE/called.txt" || fail "the rights were not set"

    echo "repairing" >&2
    rm "$ALL/_internal/part"
    echo broken >"$ALL/callup.exe"
    wine reg add "$CLASSES\\.callup" /ve /d Else /f >/dev/null 2>&1
    # What `msiexec /fa` stands for, which Wine's does not know.
    msi 0 /i 1.0.0 REINSTALL=ALL REINSTALLMODE=amus
    installed 1.0.0
    cmp -s "$ALL/callup.exe" "$BUNDLE/callup.exe" || fail "a changed program is not repaired"

    echo "upgrading, with PATH" >&2
    mkdir -p "$MANAGED" && echo 'name = "Acme"' >"$MANAGED/managed.callup"
    rm -f "$DRIVE/called.txt"
    msi 0 /i 2.0.0 INPATH=1
    installed 2.0.0
    gone "$ALL/_internal/only-in-1.0.0"
    [ "$GIVEN" != "$WORK/stand-in" ] || grep -q 'callup-desktop.exe" *--quit' "$DRIVE/called.txt" || fail "the running program was not asked to stop"
    is "$MANAGED/managed.callup"
    same "$(in_path)" "$path;C:\\Program Files\\CallUp Desktop\\" "PATH"

    echo "an older one is refused" >&2
    msi 1603 /i 1.0.0
    installed 2.0.0
    said "A newer version of CallUp Desktop is installed"

    echo "upgrading again keeps PATH" >&2
    msi 0 /i 3.0.0
    installed 3.0.0
    same "$(in_path)" "$path;C:\\Program Files\\CallUp Desktop\\" "PATH after an upgrade"

    echo "the setup program beside it is refused" >&2
    setup 1638 /S /AllUsers
    gone "$ALL/uninstall.exe"

    echo "removing" >&2
    msi 0 /x 3.0.0
    gone "$ALL"
    gone "$LINK"
    is "$MANAGED/managed.callup"
    same "$(in_path)" "$path" "PATH after the removal"
    same "$(wine reg query 'HKLM\Software\Classes' /s 2>/dev/null | grep -ic callup)" 0 "what is left of the classes"

    echo "where the rights cannot be set, nothing stays" >&2
    touch "$DRIVE/refuse.txt"
    # Wine passes on what the action ended with; Windows makes it 1603.
    msi 1627 /i 1.0.0
    gone "$ALL"
    rm "$DRIVE/refuse.txt"

    echo "beside the setup program's installation it is refused" >&2
    setup 0 /S /AllUsers
    msi 1603 /i 3.0.0
    said "was installed on this computer by its setup program"
    is "$ALL/uninstall.exe"
    same "$(value "$SETUPS_ENTRY" DisplayVersion)" 1.0.0 "the setup program's entry"
    echo "the package holds" >&2
}

installed() {
    is "$ALL/callup-desktop.exe"
    is "$ALL/callup.exe"
    is "$ALL/_internal/part"
    is "$LINK"
    is "$MANAGED"
    same "$(value "$CLASSES\\.callup" "")" CallUp.Profile "the class of .callup"
    same "$(value "$CLASSES\\CallUp.Profile\\shell\\open\\command" "")" "$OPEN" "what opens .callup"
    same "$(value "$CLASSES\\SystemFileAssociations\\.mp3\\shell\\CallUp\\command" "")" "$OPEN" "what Send to CallUp starts"
    same "$(value "$CLASSES\\SystemFileAssociations\\.mp3\\shell\\CallUp" "")" "Send to CallUp" "how it is called"
    entry="HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\$(product_code "$1")"
    same "$(value "$entry" DisplayName)" "CallUp Desktop" "the listed name"
    same "$(value "$entry" DisplayVersion)" "$1" "the listed version"
    same "$(value "$entry" Publisher)" CallUp "the listed publisher"
    same "$(value "$entry" InstallLocation)" "C:\\Program Files\\CallUp Desktop\\" "the listed place"
    is "$DRIVE/windows/Installer/$(product_code "$1")/callup.ico"
    same "$(listed)" 1 "how often it is listed"
}

# Wine leaves a semicolon behind what it takes away.
in_path() { value "$PATH_KEY" Path | sed 's/;;*/;/g; s/;$//'; }
listed() { wine reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s 2>/dev/null | grep -c 'DisplayName.*CallUp Desktop'; }
product_code() { msiinfo export "$WORK/CallUp-Desktop-$1.msi" Property | tr -d '\r' | sed -n 's/^ProductCode\t//p'; }

# msi CODE OPTION VERSION [PROPERTY...]: of an exit code this system keeps the lowest byte.
msi() {
    wanted=$(($1 % 256)) option=$2 version=$3
    shift 3
    code=0
    timeout 200 wine msiexec "$option" "Z:$WORK/CallUp-Desktop-$version.msi" /qn /l*v 'C:\msi.log' "$@" >/dev/null 2>&1 || code=$?
    [ "$code" = $wanted ] || { tail -n 30 "$DRIVE/msi.log" >&2; fail "msiexec $option $version ended with $code"; }
}

# said SENTENCE: in the log of the last run.
said() { tr -d '\000' <"$DRIVE/msi.log" | grep -q "$1" || fail "not said: $1"; }

setup() {
    wanted=$(($1 % 256))
    shift
    code=0
    timeout 120 wine "$WORK/CallUp-Desktop-1.0.0-setup.exe" "$@" >/dev/null 2>&1 || code=$?
    [ "$code" = $wanted ] || fail "the setup program $* ended with $code"
}

pack() {
    stand_in "$WORK/stand-in"
    cp -r "$GIVEN" "$BUNDLE"
    echo part >"$BUNDLE/_internal/part"
    touch "$BUNDLE/_internal/only-in-1.0.0"
    for version in 1.0.0 2.0.0 3.0.0; do
        "$ROOT/installers/windows/build-msi.sh" "$BUNDLE" "$WORK" $version >/dev/null
        rm -f "$BUNDLE/_internal/only-in-1.0.0"
    done
    QUICK=1 "$ROOT/installers/windows/build-setup.sh" "$BUNDLE" "$WORK" 1.0.0 >/dev/null
}

main
