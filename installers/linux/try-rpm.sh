#!/bin/sh
# try-rpm.sh PACKAGE.rpm REPORTS: installs the package into a folder of its own, looks whether it is whole there, removes
# it, and looks what is left. What it requires of a distribution is not tried: that needs one with rpm. Needs root.
set -eu
PACKAGE=$1
REPORTS=$2

say() { printf 'rpm: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

mkdir -p "$REPORTS"
system=$(mktemp -d)
trap 'rm -rf "$system"' EXIT
rpm -qpl "$PACKAGE" >"$REPORTS/files.txt"
for place in /usr/bin/callup /usr/share/doc/callup-desktop/copyright /usr/share/metainfo/com.callup.desktop.metainfo.xml \
    /opt/callup-desktop/_internal/resources/THIRD_PARTY_NOTICES.txt; do
    grep -qx "$place" "$REPORTS/files.txt" || fail "$place is not in it"
done
rpm --root "$system" --initdb
rpm --root "$system" --nodeps --noscripts --install "$PACKAGE"
say "installed; comparing its files with their list"
CALLUP_HOME=$system/home QT_QPA_PLATFORM=offscreen "$system/opt/callup-desktop/callup-desktop" \
    --self-test "$REPORTS" --profile /nonexistent.callup >"$REPORTS/self-test.out" 2>&1 && fail "a profile that is not there was taken"
[ ! -s "$REPORTS/self-test.jsonl" ] || fail "it is damaged: $(cat "$REPORTS/self-test.jsonl")"
"$system/opt/callup-desktop/callup" probe "$system/opt/callup-desktop/_internal/resources/sample.mp3" >&2
rpm --root "$system" --nodeps --erase callup-desktop
left=$(find "$system" -iname '*callup*' -not -path '*/home/*')
[ -z "$left" ] || fail "left behind: $left"
say "all holds"
