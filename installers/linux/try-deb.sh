#!/bin/sh
# try-deb.sh PACKAGE.deb PROFILE REPORTS: installs the package into a Debian made for this, runs its self-test and its
# console there against the sandbox behind PROFILE, upgrades, removes, and looks what is left. Needs root.
# The sandbox runs outside: the loopback is the same.
set -eu
PACKAGE=$1
PROFILE=$2
REPORTS=$3
SUITE=${SUITE:-bookworm}
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
PYTHON=${PYTHON:-$ROOT/.venv/bin/python}
# Fetched once.
BASE=$ROOT/build/debian-$SUITE.tar

say() { printf 'deb: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
inside() { chroot "$debian" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen "$@"; }

main() {
    need_debootstrap
    mkdir -p "$REPORTS"
    debian=$(mktemp -d)
    chmod 755 "$debian"
    trap clean_up EXIT
    if [ ! -f "$BASE" ]; then
        say "fetching a clean $SUITE"
        debootstrap --variant=minbase "$SUITE" "$debian" >"$REPORTS/debootstrap.log"
        tar -C "$debian" -cf "$BASE.new" .
        mv "$BASE.new" "$BASE"
    else
        tar -C "$debian" -xf "$BASE"
    fi
    mount -t proc proc "$debian/proc"
    cp "$PACKAGE" "$debian/callup.deb"
    mkdir "$debian/profile" "$debian/reports"
    cp "$(dirname "$PROFILE")"/*.callup "$(dirname "$PROFILE")"/keys.json "$debian/profile/"
    profile=/profile/$(basename "$PROFILE")

    say "installing"
    inside apt-get -q update >"$REPORTS/apt.log"
    inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install /callup.deb >>"$REPORTS/apt.log" 2>&1 ||
        { tail -20 "$REPORTS/apt.log" >&2; fail "it cannot be installed"; }
    # The program looks in its own folder first.
    inside env LD_LIBRARY_PATH=/opt/callup-desktop/_internal sh -c \
        'find /opt/callup-desktop -name "*.so*" -o -path "*/callup-desktop/callup*" -type f | xargs ldd 2>/dev/null' |
        grep 'not found' | sort -u >"$REPORTS/missing.txt" || true
    [ ! -s "$REPORTS/missing.txt" ] || fail "libraries are missing: $(xargs <"$REPORTS/missing.txt")"

    say "self-test"
    inside callup-desktop --self-test /reports --profile "$profile" >"$REPORTS/self-test.out" 2>&1 ||
        { cat "$REPORTS/self-test.out" >&2; fail "the self-test does not pass"; }
    cp "$debian"/reports/self-test.jsonl "$debian"/reports/window.png "$REPORTS/"

    say "console"
    inside env CALLUP_HOME=/console callup send /opt/callup-desktop/_internal/resources/sample.mp3 --profile "$profile" \
        --company "Acme Corp" --email john@acme.com --type demo --json >"$REPORTS/receipt.json"
    grep -q '"status": "uploaded"' "$REPORTS/receipt.json" || fail "no receipt"
    (cd "$ROOT" && "$PYTHON" -m installers.read_back "$PROFILE" "$ROOT/resources/sample.mp3" >&2) || fail "it did not arrive as it was"

    say "installing over itself, removing"
    inside dpkg -i /callup.deb >>"$REPORTS/apt.log" 2>&1
    inside env CALLUP_HOME=/console callup list --profile "$profile" --json | grep -q '"state": "done"' || fail "the list was lost"
    inside dpkg -P callup-desktop >>"$REPORTS/apt.log" 2>&1
    left=$(inside find / -xdev -iname '*callup*' -not -path '/callup.deb' -not -path '/console*' -not -path '/profile*' -not -path '/reports*')
    [ -z "$left" ] || fail "left behind: $left"
    [ -f "$debian/console/journal.sqlite3" ] || fail "the user's list was taken away"
    say "all holds"
}

need_debootstrap() {
    [ "$(id -u)" = 0 ] || fail "a Debian of its own needs root"
    command -v debootstrap >/dev/null && return
    say "installing debootstrap"
    apt-get -q update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install debootstrap >&2
}

clean_up() {
    umount "$debian/proc" 2>/dev/null || true
    rm -rf --one-file-system "$debian"
}

main
