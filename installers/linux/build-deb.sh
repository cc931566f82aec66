#!/bin/sh
# build-deb.sh BUNDLE OUTPUT: makes a .deb of the frozen bundle with nothing but dpkg-deb; prints its path.
# It needs a Debian or Ubuntu at least as new as the one it was built on.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/linux
BUNDLE=$1
OUTPUT=$2
NAME=callup-desktop
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")
ARCHITECTURE=$(dpkg --print-architecture)

main() {
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    chmod 755 "$stage"
    lay_out
    control >"$stage/DEBIAN/control"
    (cd "$stage" && find opt usr -type f -print0 | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
    mkdir -p "$OUTPUT"
    package=$OUTPUT/${NAME}_${VERSION}_$ARCHITECTURE.deb
    dpkg-deb --root-owner-group -Zzstd -z19 --build "$stage" "$package" >&2
    echo "$package"
}

lay_out() {
    mkdir -p "$stage/DEBIAN"
    "$HERE/stage.sh" "$BUNDLE" "$stage"
    # Where Debian's zsh looks for what packages bring.
    install -D -m 644 "$ROOT/resources/completions/callup.zsh" "$stage/usr/share/zsh/vendor-completions/_callup"
    find "$stage/usr" -type d -exec chmod 755 {} +
}

# What the bundle loads but does not bring: the display's own libraries must be the system's.
control() {
    cat <<END
Package: $NAME
Version: $VERSION
Architecture: $ARCHITECTURE
Maintainer: CallUp <it@callup.example>
Installed-Size: $(du -sk "$stage/opt" | cut -f1)
Section: sound
Priority: optional
Depends: libc6 (>= $(getconf GNU_LIBC_VERSION | cut -d' ' -f2)), libegl1, libgl1, libxcb1, libwayland-client0, libwayland-cursor0, fontconfig-config, ca-certificates
Recommends: gnome-keyring | kwalletmanager | keepassxc, dbus-user-session, xkb-data
Description: sends call recordings, once and whole
 Drop a call recording on the window, fill in three fields, forget about it.
 The call arrives whatever the network, the laptop lid or the battery do.
END
}

main
