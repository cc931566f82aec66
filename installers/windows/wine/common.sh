# Sourced by the scripts beside it: one Wine prefix of our own, and how to run a Windows program in it.
# shellcheck shell=sh disable=SC2034 # it is used there
WORK=$ROOT/build/windows
PREFIX=$WORK/prefix
DRIVE=$PREFIX/drive_c

export WINEPREFIX="$PREFIX" WINEARCH=win64 WINEDEBUG=-all
export WINEDLLOVERRIDES="mscoree,mshtml=;winemenubuilder.exe=d;mscms,icuuc,bcryptprimitives=n"

say() { printf 'windows: %s\n' "$*" >&2; }

# Runs a Windows program; its exit code. What it says is appended to $LOG. CPython in Wine starts only if all three of
# its streams are pipes. A program that it leaves running holds the pipe, so that the last words are waited for in vain.
LOG=$WORK/wine.log
run() {
    pipe=$(mktemp -u) && mkfifo "$pipe"
    cat <"$pipe" >>"$LOG" &
    reader=$!
    { : | wine "$@"; } >"$pipe" 2>&1 && ended=0 || ended=$?
    rm -f "$pipe"
    timeout 3 tail -s 0.1 --pid=$reader -f /dev/null || true
    return "$ended"
}

# A path of this system as Windows programs write it.
windows_path() { printf 'Z:%s' "$1" | tr / '\134'; }

# Ends what runs in our prefix, and nothing else.
end_wine() { wineserver -k 2>/dev/null || true; wineserver -w 2>/dev/null || true; }
