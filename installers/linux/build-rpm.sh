#!/bin/sh
# build-rpm.sh BUNDLE OUTPUT: makes an .rpm of the frozen bundle with rpmbuild; prints its path.
# It needs a system whose C library is at least as new as the one it was built on.
set -eu
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
HERE=$ROOT/installers/linux
BUNDLE=$(cd "$1" && pwd)
OUTPUT=$2
NAME=callup-desktop
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/callup_desktop/__init__.py")

main() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    chmod 755 "$work"
    "$HERE/stage.sh" "$BUNDLE" "$work/stage"
    install -D -m 644 "$ROOT/resources/completions/callup.zsh" "$work/stage/usr/share/zsh/site-functions/_callup"
    spec >"$work/$NAME.spec"
    mkdir -p "$OUTPUT"
    rpmbuild --quiet -bb --define "_topdir $work/rpm" --define "_rpmdir $work/out" "$work/$NAME.spec" >&2
    package=$(find "$work/out" -name '*.rpm')
    cp "$package" "$OUTPUT/"
    echo "$OUTPUT/$(basename "$package")"
}

# Nothing may change a file of the bundle any more, as strip and Python's compiler would: the self-test compares them.
# What the bundle loads but does not bring is named by soname, as each distribution calls its packages otherwise.
spec() {
    cat <<END
%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none
Name: $NAME
Version: $VERSION
Release: 1
Summary: Sends call recordings, once and whole
License: MIT AND LGPL-3.0-only AND LicenseRef-See-Copyright
AutoReqProv: no
Requires: libc.so.6(GLIBC_$(getconf GNU_LIBC_VERSION | cut -d' ' -f2))(64bit)
Requires: libEGL.so.1()(64bit), libGL.so.1()(64bit), libxcb.so.1()(64bit)
Requires: libwayland-client.so.0()(64bit), libwayland-cursor.so.0()(64bit)
Requires: ca-certificates

%description
Drop a call recording on the window, fill in three fields, forget about it.
The call arrives whatever the network, the laptop lid or the battery do.

%install
cp -a "$work/stage/." "%{buildroot}/"

%files
$(cd "$work/stage" && find . \( -type f -o -type l \) | sed -e 's|^\.|"|' -e 's|$|"|' | sort)
$(cd "$work/stage" && find opt -type d | sed -e 's|^|%dir "/|' -e 's|$|"|' | grep -v '^%dir "/opt"$')
%dir "/usr/share/doc/$NAME"
END
}

main
