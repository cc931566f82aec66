#!/bin/sh
# try-setup.sh PROFILE [REPORTS]: packs and signs the bundle of freeze.sh, then lives through what a laptop does, in Wine:
# silent installation, self-test, a call sent and read back, upgrade in the middle of an upload, removal; and the MSI.
# PROFILE leads to a sandbox; the user of that laptop imports it, and IT sets single keys. (Wine has nobody who owns files
# as an administrator, so a managed profile is never believed there.)
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
# shellcheck source=installers/windows/wine/common.sh
. "$ROOT/installers/windows/wine/common.sh"
PYTHON=${PYTHON:-$ROOT/.venv/bin/python}
PROFILE=$1
REPORTS=${2:-$WORK/reports}
BUNDLE=$ROOT/dist/windows/callup-desktop
HERE=$ROOT/installers/windows
USER_FOLDER=$DRIVE/users/$(id -un)
INSTALLED="$USER_FOLDER/AppData/Local/Programs/CallUp Desktop"
LIST="$USER_FOLDER/AppData/Local/CallUp Desktop"
START_MENU="$USER_FOLDER/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/CallUp Desktop.lnk"
SEND_TO="$USER_FOLDER/AppData/Roaming/Microsoft/Windows/SendTo/CallUp Desktop.lnk"
POLICIES='HKLM\Software\Policies\CallUp Desktop'
FOLDER="C:\\users\\$(id -un)\\AppData\\Local\\Programs\\CallUp Desktop"
PROGRAM="$FOLDER\\callup-desktop.exe"
CONSOLE="$FOLDER\\callup.exe"
ALL_FOLDER='C:\Program Files\CallUp Desktop'
ALL_INSTALLED="$DRIVE/Program Files/CallUp Desktop"
ENTRY='Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop'
SAMPLE=$ROOT/resources/sample.mp3
LONG=$WORK/long.wav
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")
NEWER=99.0.0
# 1618, of which this system keeps the lowest byte.
BUSY=82

fail() { say "$*"; tail -n 20 "$LOG" >&2; exit 1; }

# tried SECONDS PROGRAM...: a Windows program that hangs must not hang the build.
tried() {
    patience=$1
    shift
    # shellcheck disable=SC2016 # the inner shell fills it in
    timeout "$patience" sh -c 'ROOT=$1; . "$ROOT"/installers/windows/wine/common.sh; LOG=$2; shift 2; run "$@"' \
        sh "$ROOT" "$LOG" "$@"
}

# said SECONDS PROGRAM...: what it says.
said() {
    before=$LOG
    LOG=$REPORTS/said
    : >"$LOG"
    tried "$@" || true
    tr -d '\r' <"$LOG"
    cat "$LOG" >>"$before"
    LOG=$before
}

signed() { osslsigncode verify -CAfile "$CALLUP_SIGN_ISSUERS" -in "$1" >>"$REPORTS/signature.log" || fail "$1 is not signed"; }

main() {
    mkdir -p "$REPORTS"
    LOG=$REPORTS/wine.log
    : >"$LOG"
    : >"$REPORTS/signature.log"
    export QT_QPA_PLATFORM=offscreen
    # The user of the trial keeps to the folders of Windows, whoever runs it.
    unset CALLUP_HOME
    trap clean_up EXIT
    end_wine
    clear_away
    pack
    install_silently
    connect_by_policy
    import_profile "$LIST"
    test_itself
    send_from_console
    look_for_update
    upgrade_while_sending
    give_up_where_nobody_listens
    install_for_all_users
    install_package
    remove
    say "all holds"
}

clean_up() {
    [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
    end_wine
}

clear_away() {
    rm -rf "$INSTALLED" "$ALL_INSTALLED" "$LIST" "$DRIVE/ProgramData/CallUp Desktop" "$DRIVE/reports" "$DRIVE/elsewhere"
    mkdir -p "$DRIVE/reports"
    for key in "$POLICIES" "HKCU\\$ENTRY" "HKLM\\$ENTRY"; do tried 30 reg delete "$key" /f || true; done
}

pack() {
    say "packing and signing, twice"
    "$HERE/test-certificate.sh" "$WORK/certificate" >"$REPORTS/certificate.log" 2>&1 ||
        { tail -n 5 "$REPORTS/certificate.log" >&2; fail "no key to sign with"; }
    # shellcheck source=/dev/null # made by the line above
    . "$WORK/certificate/environment"
    setup=$("$HERE/build-setup.sh" "$BUNDLE" "$ROOT/dist" 2>"$REPORTS/makensis.log") ||
        { tail -n 5 "$REPORTS/makensis.log" >&2; fail "the setup program cannot be made"; }
    newer=$(QUICK=1 "$HERE/build-setup.sh" "$BUNDLE" "$WORK/newer" $NEWER 2>>"$REPORTS/makensis.log") || fail "nor a newer one"
    signed "$setup"
    say "$(basename "$setup"): $(($(stat -c %s "$setup") / 1000000)) MB"
}

# The keys of Group Policy are a connection without any file.
connect_by_policy() {
    shows_token() { said 60 "$CONSOLE" secrets show | grep -q gateway_token; }
    ! shows_token || fail "something is connected before there is a profile"
    policy name REG_SZ "Acme Sales"
    policy gateway REG_SZ "https://calls.acme.test"
    policy call_types REG_MULTI_SZ 'demo\0support'
    shows_token || fail "the keys of a policy do not connect"
    tried 30 reg delete "$POLICIES" /f || fail "the policy cannot be taken away"
}

# import_profile HOME: as the rep does; the sandbox's keys lie beside its profile.
import_profile() {
    mkdir -p "$1"
    cp "$(dirname "$PROFILE")/keys.json" "$1/"
    said 60 "$CONSOLE" profile import "$(windows_path "$PROFILE")" --yes >&2
    [ -f "$1/profile.callup" ] || fail "the profile is not imported"
}

# policy KEY TYPE VALUE: as Group Policy sets a key.
policy() { tried 30 reg add "$POLICIES" /v "$1" /t "$2" /d "$3" /f || fail "the policy $1 cannot be set"; }

install_silently() {
    say "installing silently"
    tried 120 "$setup" /S || fail "the setup ended with $?"
    [ -f "$INSTALLED/callup-desktop.exe" ] || fail "nothing was installed"
    [ -f "$START_MENU" ] || fail "no Start menu entry"
    [ -f "$SEND_TO" ] || fail "no entry in Send to"
    said 30 reg query 'HKCU\Software\Classes\SystemFileAssociations\.wav\shell\CallUp\command' /ve | grep -q 'callup-desktop.exe' || fail "no Send to CallUp"
    entry DisplayVersion | grep -q "$VERSION" || fail "no uninstall entry"
    said 30 reg query 'HKCU\Software\Classes\.callup' /ve | grep -q 'CallUp.Profile' || fail "no .callup association"
    signed "$INSTALLED/uninstall.exe"
    signed "$INSTALLED/callup-desktop.exe"
    signed "$INSTALLED/callup.exe"
}

# entry NAME [HIVE]: a value of the uninstall entry.
entry() { said 30 reg query "${2:-HKCU}\\$ENTRY" /v "$1" /reg:64 | grep "$1" || true; }

test_itself() {
    say "self-test with an upload"
    tried 240 "$PROGRAM" --self-test 'C:\reports' --profile "$(windows_path "$PROFILE")" ||
        fail "the self-test does not pass: $(grep -h '"ok": false' "$DRIVE/reports/self-test.jsonl" 2>/dev/null)"
    cp "$DRIVE/reports/self-test.jsonl" "$DRIVE/reports/window.png" "$REPORTS/"
}

send_from_console() {
    say "sending from the console, into the user's own list"
    said 120 "$CONSOLE" send "$(windows_path "$SAMPLE")" --company "Acme Corp" --email john@acme.com --type demo --json |
        grep -q '"status": "uploaded"' || fail "no receipt"
    "$PYTHON" -m installers.read_back "$PROFILE" "$SAMPLE" >&2 || fail "it did not arrive as it was"
}

look_for_update() {
    say "a newer version is told, by whoever signs for it"
    rm -rf "$WORK/updates"
    trusted=$("$PYTHON" -m installers.update_repository begin "$WORK/updates/served" "$WORK/updates/keys" | grep update_root)
    "$PYTHON" -m installers.update_repository publish "$WORK/updates/served" "$WORK/updates/keys" $NEWER >&2
    "$PYTHON" -u -m http.server 0 --bind 127.0.0.1 --directory "$WORK/updates/served" >"$REPORTS/updates.log" 2>&1 &
    server=$!
    wait_for grep -q port "$REPORTS/updates.log" || fail "the update repository is not served"
    port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$REPORTS/updates.log")
    policy update_url REG_SZ "http://127.0.0.1:$port"
    policy update_root REG_SZ "$(echo "$trusted" | cut -d'"' -f2)"
    said 60 "$CONSOLE" update --json | grep -q '"outcome": "newer"' || fail "the newer version is not seen"
}

upgrade_while_sending() {
    say "upgrading in the middle of an upload"
    # It takes three quarters of a minute at that limit, longer than a setup needs to begin on a busy machine.
    "$PYTHON" -m installers.long_recording "$LONG" 400
    policy bandwidth_limit REG_DWORD 1500000
    tried 400 "$PROGRAM" &
    wait_for test -e "$LIST/owner.json" || fail "the window does not start"
    # The console hands it over and follows it; the window goes on without it.
    tried 30 "$CONSOLE" send "$(windows_path "$LONG")" --company "Acme Corp" --email john@acme.com --type demo &
    wait_for is_started || fail "the upload does not begin"
    echo stale >"$INSTALLED/_internal/stale.txt"
    tried 180 "$newer" /S || fail "the newer setup ended with $?"
    entry DisplayVersion | grep -q $NEWER || fail "the older version is still there"
    [ ! -e "$INSTALLED/_internal/stale.txt" ] || fail "a file of the older version is left"
    say "the newer version goes on by itself"
    wait_for is_done || fail "the upload does not go on"
    "$PYTHON" -m installers.read_back "$PROFILE" "$LONG" >&2 || fail "it did not arrive as it was"
    sent_twice=$(grep -h '"step": "upload".*"step done"' "$LIST"/Logs/* | grep -o '"part": [0-9]*' | sort | uniq -d)
    [ -z "$sent_twice" ] || fail "sent twice: $sent_twice"
    tried 60 "$PROGRAM" --quit || fail "the window does not stop"
}

# calls: how the calls stand, a JSON object a line, as the running window tells the console.
calls() { said 60 "$CONSOLE" list --json | grep '"call_id"'; }

is_started() { calls | grep '"state": "running"' | grep -qv '"stored": 0,'; }

is_done() { calls >"$REPORTS/calls" && grep -q long.wav "$REPORTS/calls" && ! grep -qv '"state": "done"' "$REPORTS/calls"; }

# As for SYSTEM, which cannot ask the CallUp of a user: here one of another home.
give_up_where_nobody_listens() {
    say "a CallUp that cannot be asked"
    elsewhere import_profile "$DRIVE/elsewhere"
    elsewhere tried 300 "$PROGRAM" &
    wait_for test -e "$DRIVE/elsewhere/owner.json" || fail "the window does not start"
    echo mine >"$INSTALLED/_internal/mine.txt"
    tried 120 "$newer" /S && ended=0 || ended=$?
    [ "$ended" = $BUSY ] || fail "the setup ended with $ended"
    [ -e "$INSTALLED/_internal/mine.txt" ] || fail "the setup began all the same"
    elsewhere tried 60 "$PROGRAM" --quit || fail "the window does not stop"
}

elsewhere() (
    export CALLUP_HOME='C:\elsewhere'
    "$@"
)

# wait_for COMMAND...: until it succeeds, some minutes at most.
wait_for() {
    for _ in $(seq 600); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

install_for_all_users() {
    say "for all users"
    tried 120 "$setup" /S /AllUsers || fail "the setup for all users ended with $?"
    [ -f "$ALL_INSTALLED/callup-desktop.exe" ] || fail "nothing was installed for all users"
    entry DisplayVersion HKLM | grep -q "$VERSION" || fail "no uninstall entry for all users"
    uninstall "$ALL_FOLDER" HKLM /AllUsers
    gone "$ALL_INSTALLED" || fail "left behind: $(find "$ALL_INSTALLED")"
}

install_package() {
    say "the MSI"
    package=$("$HERE/build-msi.sh" "$BUNDLE" "$ROOT/dist" 2>>"$REPORTS/makensis.log") || fail "the MSI cannot be made"
    signed "$package"
    say "$(basename "$package"): $(($(stat -c %s "$package") / 1000000)) MB"
    tried 300 msiexec /i "$(windows_path "$package")" /qn || fail "msiexec ended with $?"
    signed "$ALL_INSTALLED/callup.exe"
    rm -f "$DRIVE/reports/self-test.jsonl"
    tried 180 "$ALL_FOLDER\\callup-desktop.exe" --self-test 'C:\reports' --profile "$(windows_path "$PROFILE")" ||
        fail "the self-test does not pass: $(grep -h '"ok": false' "$DRIVE/reports/self-test.jsonl" 2>/dev/null)"
    tried 300 msiexec /x "$(windows_path "$package")" /qn || fail "removal of the MSI ended with $?"
    gone "$ALL_INSTALLED" || fail "left behind: $(find "$ALL_INSTALLED")"
}

remove() {
    say "removing while the window runs"
    tried 200 "$PROGRAM" &
    wait_for test -e "$LIST/owner.json" || fail "the window does not start"
    uninstall "$FOLDER" HKCU
    gone "$INSTALLED" || fail "left behind: $(find "$INSTALLED")"
    gone "$START_MENU" || fail "the Start menu entry is left"
    gone "$SEND_TO" || fail "the entry in Send to is left"
    said 30 reg query 'HKCU\Software\Classes' /s | grep -i callup && fail "the association is left"
    [ -f "$LIST/journal.sqlite3" ] || fail "the user's list was taken away"
    say "installing again, removing with the list"
    tried 120 "$setup" /S || fail "installing again ended with $?"
    uninstall "$FOLDER" HKCU /PURGE
    gone "$LIST" || fail "/PURGE left the user's list"
}

# uninstall FOLDER HIVE [OPTION]: an uninstaller goes on in a copy of itself, and takes its entry away at the end.
uninstall() {
    tried 60 "$1\\uninstall.exe" /S ${3:+"$3"} || fail "removal ended with $?"
    hive=$2
    wait_for unlisted || fail "the uninstall entry is left"
}

unlisted() { [ -z "$(entry DisplayName "$hive")" ]; }

gone() { [ ! -e "$1" ]; }

main
