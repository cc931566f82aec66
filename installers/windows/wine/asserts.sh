# Sourced by the trials beside it: what has to lie in the prefix's drive and registry.
# shellcheck shell=sh
fail() { echo "$*" >&2; exit 1; }
is() { [ -e "$1" ] || fail "missing: $1"; }
gone() { [ ! -e "$1" ] || fail "left behind: $1"; }
same() { [ "$1" = "$2" ] || fail "$3 is $1, not $2"; }
windows_path() { printf '%s' "$1" | sed "s,^$DRIVE,C:,; s,/,\\\\,g"; }

# value KEY NAME: "" for the key's default.
value() {
    if [ -n "$2" ]; then set -- "$1" /v "$2"; else set -- "$1" /ve; fi
    wine reg query "$@" 2>/dev/null | tr -d '\r' | sed -n 's/.*REG_[A-Z_]*  *//p'
}

# stand_in BUNDLE: two programs and a part, in the frozen bundle's place. What they are called with is in C:\called.txt.
stand_in() {
    mkdir -p "$1/_internal"
    cat >"$WORK/called.c" <<'END'
#include <stdio.h>
#include <windows.h>
int main(void)
{
    FILE *called = fopen("C:\\called.txt", "a");
    fprintf(called, "%s\n", GetCommandLineA());
    fclose(called);
    return GetFileAttributesA("C:\\refuse.txt") == INVALID_FILE_ATTRIBUTES ? 0 : 5;
}
END
    x86_64-w64-mingw32-gcc -o "$1/callup.exe" "$WORK/called.c"
    cp "$1/callup.exe" "$1/callup-desktop.exe"
    echo part >"$1/_internal/part"
    (cd "$ROOT" && QT_QPA_PLATFORM=offscreen "$PYTHON" -m installers.icons build/icons)
}
