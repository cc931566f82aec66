#!/bin/sh
# try-appimage.sh IMAGE PROFILE REPORTS: runs the AppImage's self-test and its console against the sandbox behind PROFILE,
# mounted where the kernel lets it, else unpacked.
set -eu
IMAGE=$(readlink -f "$1")
PROFILE=$2
REPORTS=$3

say() { printf 'appimage: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

mkdir -p "$REPORTS"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export QT_QPA_PLATFORM=offscreen
if "$IMAGE" callup --version >"$REPORTS/version.txt" 2>"$REPORTS/mount.err"; then
    say "mounted: $(cat "$REPORTS/version.txt")"
else
    say "no mount here ($(head -1 "$REPORTS/mount.err")); unpacked instead"
    export APPIMAGE_EXTRACT_AND_RUN=1
fi
"$IMAGE" --self-test "$REPORTS" --profile "$PROFILE" >"$REPORTS/self-test.out" 2>&1 ||
    { cat "$REPORTS/self-test.out" >&2; fail "the self-test does not pass"; }
ln -s "$IMAGE" "$work/callup"
"$work/callup" --version | grep -q '^callup ' || fail "a link by the console's name does not start it"
"$IMAGE" --appimage-extract usr/share/metainfo/com.callup.desktop.metainfo.xml >/dev/null
appdir=squashfs-root
grep -q '<id>com.callup.desktop</id>' "$appdir/usr/share/metainfo/com.callup.desktop.metainfo.xml" || fail "no metadata"
rm -r "$appdir"
say "all holds"
