#!/bin/sh
# Makes .venv with pinned packages, and installs what a bare Debian lacks for the window; with --tests also what the tests use.
# PYTHON names another Python, CALLUP_VENV another folder.
# Safe to run again at any time; does nothing where nothing changed since the last time.
set -eu
cd "$(dirname "$0")"

VENV=${CALLUP_VENV:-.venv}
QT_LIBRARIES="libegl1 libgl1 libglib2.0-0 libgssapi-krb5-2 libdbus-1-3 libfontconfig1 libxkbcommon0 libxkbcommon-x11-0
    libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libwayland-client0 libwayland-cursor0
    libwayland-egl1"

main() {
    wanted=run
    [ "${1:-}" = --tests ] && wanted=tests
    stamp=$VENV/.set-up-for-$wanted
    # Whoever may test may run, too.
    if is_of_wanted_python && cat "$stamp" "$VENV/.set-up-for-tests" 2>/dev/null | grep -Fqx "$(fingerprint)"; then
        return
    fi
    make_environment
    install_packages
    [ $wanted = run ] || complete_test_tools
    # Without them the console still works, so this is told and tried again next time, and nothing fails.
    complete_qt || { say "the window may not open"; return; }
    fingerprint > "$stamp"
}

say() { printf 'setup: %s\n' "$*" >&2; }

# The folder is part of it: an environment that was moved still points to its old place.
fingerprint() { { pwd && cat setup.sh pyproject.toml callup_desktop/__init__.py requirements/build.txt requirements/dev.txt tests/sign_in/provider/package-lock.json; } | cksum; }

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

# Whoever names a Python wants an environment of it, whichever was there.
is_of_wanted_python() {
    there=$(version_of "$VENV/bin/python") && { [ -z "${PYTHON:-}" ] || [ "$there" = "$(version_of "$PYTHON")" ]; }
}

make_environment() {
    is_of_wanted_python && "$VENV/bin/python" -c 'import pip' 2>/dev/null && [ "$(cat "$VENV/.made-in" 2>/dev/null)" = "$(pwd)" ] && return
    python=$(find_python) || {
        # Nothing is installed beside a Python that will not do: whoever has it chooses where another one comes from.
        if [ -n "${PYTHON:-}" ] || command -v python3 >/dev/null; then refuse_python; fi
        install_debian "Python 3.11, 3.12 or 3.13" python3 python3-venv || exit 1
        python=$(find_python) || refuse_python
    }
    # Debian keeps the part that makes environments in a package of its own.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_debian "the part of Python that makes environments" "python$(version_of "$python")-venv" || exit 1
    fi
    say "making $VENV with $("$python" --version)"
    "$python" -m venv --clear "$VENV"
    pwd > "$VENV/.made-in"
}

refuse_python() {
    say "needs Python 3.11, 3.12 or 3.13; ${PYTHON:-python3} here is $("${PYTHON:-python3}" --version 2>&1)."
    say "Install one of them beside it and name it: PYTHON=/path/to/python3.13 ./setup.sh"
    exit 1
}

# The one that PYTHON names, and no other beside it; else the first one that will do.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.13 python3.12 python3.11
    fi
    for candidate; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

install_packages() {
    say "installing pinned Python packages"
    export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
    # In three steps: what builds comes first, as nothing else has hashes, and pip takes no folder where it wants them.
    "$VENV/bin/python" -m pip install --quiet --require-hashes --no-deps -r requirements/build.txt
    "$VENV/bin/python" -m pip install --quiet --no-compile --require-hashes --no-deps --no-build-isolation -r requirements/dev.txt
    "$VENV/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
    # pip compiles on one core, this on all; some packages hold files for other Pythons, which it may not compile.
    "$VENV/bin/python" -m compileall -q -j 0 "$VENV"/lib/python3.*/site-packages >/dev/null 2>&1 || :
}

# The window's libraries are only looked for, so that nothing is installed where they are there under whatever name.
complete_qt() {
    [ "$(uname)" = Linux ] || return 0
    if [ -n "$(missing_libraries)" ]; then
        # shellcheck disable=SC2086 # a list of words
        install_debian "libraries of the window ($(missing_libraries))" $QT_LIBRARIES || return 1
        [ -z "$(missing_libraries)" ] || say "still missing for the window: $(missing_libraries)"
    fi
    has_font || install_debian "a font" fonts-dejavu-core
}

missing_libraries() {
    qt=$(echo "$VENV"/lib/python3.*/site-packages/PySide6)
    for file in "$qt"/QtWidgets.abi3.so "$qt"/QtNetwork.abi3.so "$qt"/QtSvg.abi3.so \
        "$qt"/Qt/plugins/platforms/libqxcb.so "$qt"/Qt/plugins/platforms/libqoffscreen.so \
        "$qt"/Qt/plugins/platforms/libqwayland*.so "$qt"/Qt/plugins/xcbglintegrations/*.so; do
        [ ! -e "$file" ] || ldd "$file"
    done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p' | sort -u | xargs
}

has_font() {
    find -L /usr/share/fonts /usr/local/share/fonts "${HOME:-/nowhere}/.local/share/fonts" \
        \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) 2>/dev/null | grep -q .
}

complete_test_tools() {
    packages=
    for pair in ffmpeg:ffmpeg lame:lame flac:flac sox:sox espeak-ng:espeak-ng Xvfb:xvfb jwm:jwm xdotool:xdotool dbus-monitor:dbus; do
        command -v "${pair%:*}" >/dev/null || packages="$packages ${pair#*:}"
    done
    # shellcheck disable=SC2086 # a list of words
    [ -z "$packages" ] || install_debian "programs that the tests use" $packages || exit 1
    install_provider || say "without its provider of OpenID Connect the tests of signing in are skipped"
}

# What the tests sign in to; its lock file has the hash of each package, and none runs a script of its own.
install_provider() {
    command -v npm >/dev/null || { say "npm missing; install Node.js 20 or newer"; return 1; }
    say "installing pinned Node.js packages"
    (cd tests/sign_in/provider && npm ci --silent --omit=dev --ignore-scripts --no-audit --no-fund)
}

# install_debian WHAT PACKAGE...: installs them, or fails with the command that a person has to give.
install_debian() {
    what=$1
    shift
    command -v apt-get >/dev/null || { say "$what missing; install what Debian calls: $*"; return 1; }
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=sudo
    else
        say "$what missing; as root: apt-get install $*"
        return 1
    fi
    say "installing $what: $*"
    [ -n "${updated:-}" ] || $as_root apt-get -q update >&2 || say "the lists of packages could not be refreshed"
    updated=yes
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" >&2
}

main "$@"
