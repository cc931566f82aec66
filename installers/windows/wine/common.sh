# Sourced by the scripts beside it: one Wine prefix of our own, and how to run a Windows program in it.
# shellcheck shell=sh
WORK=$ROOT/build/windows
PREFIX=$WORK/prefix
DRIVE=$PREFIX/drive_c

export WINEPREFIX="$PREFIX" WINEARCH=win64 WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d;mscms,icuuc,bcryptprimitives=n"

say() { printf 'windows: %s\n' "$*" >&2; }

# Runs a Windows program; its exit code. What it says is appended to $LOG. CPython in Wine starts only if all three of
# its streams are pipes, and a pipe hides the exit code.
LOG=$WORK/wine.log
run() {
    ended=$(mktemp)
    { : | wine "$@"; echo $? >"$ended"; } 2>&1 | cat >>"$LOG"
    set -- "$(cat "$ended")"
    rm -f "$ended"
    return "$1"
}

# A path of this system as Windows programs write it.
windows_path() { printf 'Z:%s' "$1" | tr / '\\'; }

# Ends what runs in our prefix, and nothing else.
end_wine() { wineserver -k 2>/dev/null || true; wineserver -w 2>/dev/null || true; }
