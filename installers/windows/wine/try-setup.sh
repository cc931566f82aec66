#!/bin/sh
# try-setup.sh PROFILE [REPORTS]: packs and signs the bundle of freeze.sh, then lives through what a laptop does, in Wine:
# silent installation, self-test with one real upload, upgrade while the window runs, removal. PROFILE leads to a sandbox.
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
. "$ROOT/installers/windows/wine/common.sh"
PROFILE=$(windows_path "$1")
REPORTS=${2:-$WORK/reports}
BUNDLE=$ROOT/dist/windows/callup-desktop
HERE=$ROOT/installers/windows
USER_FOLDER=$DRIVE/users/$(id -un)
INSTALLED="$USER_FOLDER/AppData/Local/Programs/CallUp Desktop"
LIST="$USER_FOLDER/AppData/Local/CallUp Desktop"
PROGRAM='C:\users\'$(id -un)'\AppData\Local\Programs\CallUp Desktop\callup-desktop.exe'
CONSOLE='C:\users\'$(id -un)'\AppData\Local\Programs\CallUp Desktop\callup.exe'
ENTRY='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop'
NEWER=99.0.0

fail() { say "$*"; tail -n 20 "$LOG" >&2; exit 1; }
# A Windows program that hangs must not hang the build.
tried() {
    patience=$1
    shift
    timeout "$patience" sh -c 'ROOT=$0; . "$ROOT"/installers/windows/wine/common.sh; LOG=$1; shift; run "$@"' "$ROOT" "$LOG" "$@"
}

main() {
    trap end_wine EXIT
    mkdir -p "$REPORTS"
    LOG=$REPORTS/wine.log
    : >"$LOG"
    export QT_QPA_PLATFORM=offscreen
    clear_away
    pack
    install_silently
    test_itself
    send_from_console
    upgrade_while_running
    install_for_all_users
    remove
    say "all holds"
}

clear_away() {
    rm -rf "$INSTALLED" "$LIST" "$DRIVE/reports"
    mkdir -p "$DRIVE/reports"
}

pack() {
    say "packing and signing, twice"
    "$HERE/test-certificate.sh" "$WORK/certificate" >"$REPORTS/certificate.log" 2>&1
    export CALLUP_SIGN_PKCS12="$WORK/certificate/sign.p12" CALLUP_SIGN_PASSWORD_FILE="$WORK/certificate/password"
    export CALLUP_SIGN_ISSUERS="$WORK/certificate/authority.pem"
    setup=$("$HERE/build-setup.sh" "$BUNDLE" "$ROOT/dist" 2>"$REPORTS/makensis.log") || fail "makensis: $(tail -n 5 "$REPORTS/makensis.log")"
    newer=$("$HERE/build-setup.sh" "$BUNDLE" "$WORK/newer" $NEWER 2>>"$REPORTS/makensis.log") || fail "makensis"
    osslsigncode verify -CAfile "$CALLUP_SIGN_ISSUERS" -in "$setup" >"$REPORTS/signature.log" || fail "the setup is not signed"
    say "$(basename "$setup"): $(($(stat -c %s "$setup") / 1000000)) MB"
}

install_silently() {
    say "installing silently"
    tried 120 "$setup" /S || fail "the setup ended with $?"
    [ -f "$INSTALLED/callup-desktop.exe" ] || fail "nothing was installed"
    [ -f "$USER_FOLDER/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/CallUp Desktop.lnk" ] || fail "no Start menu entry"
    asked DisplayVersion | grep -q "$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")" || fail "no uninstall entry"
    tried 30 reg query 'HKCU\Software\Classes\.callup' /ve && grep -q 'CallUp.Profile' "$LOG" || fail "no .callup association"
    osslsigncode verify -CAfile "$CALLUP_SIGN_ISSUERS" -in "$INSTALLED/uninstall.exe" >>"$REPORTS/signature.log" || fail "the uninstaller is not signed"
    osslsigncode verify -CAfile "$CALLUP_SIGN_ISSUERS" -in "$INSTALLED/callup-desktop.exe" >>"$REPORTS/signature.log" || fail "the program is not signed"
}

asked() { timeout 30 sh -c ': | wine reg query "$0" /v "$1" 2>/dev/null | cat' "$ENTRY" "$1" | tr -d '\r'; }

test_itself() {
    say "self-test with an upload"
    tried 120 "$PROGRAM" --self-test 'C:\reports' --profile "$PROFILE" ||
        fail "the self-test does not pass: $(grep -h '"ok": false' "$DRIVE/reports/self-test.jsonl" 2>/dev/null)"
    cp "$DRIVE/reports/self-test.jsonl" "$DRIVE/reports/window.png" "$REPORTS/"
}

send_from_console() {
    say "sending from the console, into the user's own list"
    tried 120 "$CONSOLE" send "$(windows_path "$ROOT/resources/sample.mp3")" --profile "$PROFILE" \
        --company "Acme Corp" --email john@acme.com --type demo --json || fail "the console ended with $?"
    grep -q '"status": "uploaded"' "$LOG" || fail "no receipt"
}

upgrade_while_running() {
    say "upgrading while the window runs"
    (tried 180 "$PROGRAM" --profile "$PROFILE") &
    wait_for "$LIST/owner.json" || fail "the window does not start"
    echo stale >"$INSTALLED/_internal/stale.txt"
    tried 150 "$newer" /S || fail "the newer setup ended with $?"
    asked DisplayVersion | grep -q $NEWER || fail "the older version is still there"
    [ ! -e "$INSTALLED/_internal/stale.txt" ] || fail "a file of the older version is left"
    tried 60 "$PROGRAM" --quit || fail "the program started after the upgrade does not stop"
    : >"$LOG.list"
    LOG=$LOG.list tried 60 "$CONSOLE" list --profile "$PROFILE" --json || fail "the list cannot be read"
    grep -q '"state": "done"' "$LOG.list" || fail "the list was lost"
}

wait_for() {
    for _ in $(seq 600); do
        [ -e "$1" ] && return
        sleep 0.1
    done
    return 1
}

install_for_all_users() {
    say "for all users"
    tried 120 "$setup" /S /AllUsers || fail "the setup for all users ended with $?"
    [ -f "$DRIVE/Program Files/CallUp Desktop/callup-desktop.exe" ] || fail "nothing was installed for all users"
    tried 60 'C:\Program Files\CallUp Desktop\uninstall.exe' /S /AllUsers '_?=C:\Program Files\CallUp Desktop' || fail "removal ended with $?"
    rm -f "$DRIVE/Program Files/CallUp Desktop/uninstall.exe"
    [ -z "$(find "$DRIVE/Program Files/CallUp Desktop" -type f 2>/dev/null)" ] || fail "files for all users are left"
}

remove() {
    say "removing"
    folder='C:\users\'$(id -un)'\AppData\Local\Programs\CallUp Desktop'
    tried 60 "$folder\\uninstall.exe" /S "_?=$folder" || fail "removal ended with $?"
    # With _?= it waits, and cannot remove itself.
    left=$(find "$INSTALLED" -type f ! -name uninstall.exe 2>/dev/null)
    [ -z "$left" ] || fail "left behind: $left"
    [ -z "$(asked DisplayName)" ] || fail "the uninstall entry is left"
    [ -f "$LIST/journal.sqlite3" ] || fail "the user's list was taken away"
    tried 120 "$setup" /S || fail "installing again ended with $?"
    tried 60 "$folder\\uninstall.exe" /S /PURGE "_?=$folder" || fail "removal ended with $?"
    [ ! -e "$LIST" ] || fail "/PURGE left the user's list"
}

main
