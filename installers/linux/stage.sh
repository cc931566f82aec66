#!/bin/sh
# stage.sh BUNDLE STAGE: lays the frozen bundle out as a Linux system has it, for the .deb and the .rpm.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/linux
BUNDLE=$1
STAGE=$2
NAME=callup-desktop
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")
# The day of the commit, so that the same source makes the same package.
DATE=$(git -C "$ROOT" log -1 --format=%cs 2>/dev/null || date -u +%F)

mkdir -p "$STAGE/opt" "$STAGE/usr/bin" "$STAGE/usr/share/man/man1"
cp -a "$BUNDLE" "$STAGE/opt/$NAME"
ln -s /opt/$NAME/callup-desktop /opt/$NAME/callup "$STAGE/usr/bin/"
install -D -m 644 "$HERE/callup-desktop.desktop" "$STAGE/usr/share/applications/callup-desktop.desktop"
install -D -m 644 "$HERE/callup-desktop.xml" "$STAGE/usr/share/mime/packages/callup-desktop.xml"
mkdir -p "$STAGE/usr/share/metainfo"
sed -e "s/@VERSION@/$VERSION/" -e "s/@DATE@/$DATE/" "$HERE/com.callup.desktop.metainfo.xml" \
    >"$STAGE/usr/share/metainfo/com.callup.desktop.metainfo.xml"
for picture in "$ROOT"/build/icons/png/*.png; do
    side=$(basename "$picture" .png)
    install -D -m 644 "$picture" "$STAGE/usr/share/icons/hicolor/${side}x$side/apps/$NAME.png"
done
install -D -m 644 "$ROOT/resources/icons/callup.svg" "$STAGE/usr/share/icons/hicolor/scalable/apps/$NAME.svg"
for page in "$ROOT"/resources/man/*.1; do
    gzip -9n <"$page" >"$STAGE/usr/share/man/man1/${page##*/}.gz"
done
install -D -m 644 "$ROOT/build/copyright" "$STAGE/usr/share/doc/$NAME/copyright"
install -D -m 644 "$ROOT/resources/completions/callup.bash" "$STAGE/usr/share/bash-completion/completions/callup"
chmod -R u=rwX,go=rX "$STAGE/opt" "$STAGE/usr"
