#!/bin/sh
# build-appimage.sh BUNDLE OUTPUT: makes an AppImage of the frozen bundle; prints its path. It needs mksquashfs, and in
# CALLUP_APPIMAGE_RUNTIME the file that the AppImage project releases as runtime-ARCHITECTURE (its type2-runtime).
# It runs on a system whose C library is at least as new as the one it was built on.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/linux
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")
RUNTIME=${CALLUP_APPIMAGE_RUNTIME:?names no file: see the head of this script}
image=$2/CallUp-Desktop-$VERSION-$(uname -m).AppImage

# "AI" and 2 at byte 8 say that it is one for this kind of image.
[ "$(dd if="$RUNTIME" bs=1 skip=8 count=3 2>/dev/null | od -An -tx1 | tr -d ' ')" = 414902 ] ||
    { echo "$RUNTIME is no runtime of an AppImage" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
"$HERE/stage.sh" "$1" "$work/AppDir"
install -m 755 "$HERE/AppRun" "$work/AppDir/AppRun"
# Links from /usr to /opt lead out of the image.
rm -r "$work/AppDir/usr/bin"
ln -s usr/share/applications/callup-desktop.desktop usr/share/icons/hicolor/256x256/apps/callup-desktop.png "$work/AppDir/"
ln -s callup-desktop.png "$work/AppDir/.DirIcon"
mkdir -p "$2"
mksquashfs "$work/AppDir" "$work/image" -root-owned -noappend -comp zstd -quiet -no-progress >&2
cat "$RUNTIME" "$work/image" >"$image"
chmod 755 "$image"
echo "$image"
