"""Keeps one sandbox server alive for exactly as long as its parent; a script, run in a process of its own.

    supervisor.py LOCK LOG LEFT COMMAND...

Standard output carries one line, the server's process id. Standard input is the pipe from the parent: its end (the
parent asked, ended or was killed) stops the server in good order, KILL stops it as a power cut would. The lock is held
while the server lives, so that the next supervisor on the same data waits until a leftover of a killed run is gone.
LEFT are the files that the server leaves at its end, joined as in PATH; they are removed however the parent ended.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

KILL = b"k"
GRACE = 5.0  # seconds between asking a server to end and ending it
LEFTOVER = 2 * GRACE  # seconds that a leftover may take to go
_PR_SET_PDEATHSIG = 1
# Windows sends CTRL_BREAK to a process group only.
if sys.platform == "win32":
    _OWN_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _OWN_GROUP = 0


def main(arguments: list[str]) -> int:
    """Run the command until it or the pipe from the parent ends; 0 if it ended well."""
    lock, log, left, *command = arguments
    with Path(log).open("ab") as output:
        try:
            with FileLock(lock, timeout=LEFTOVER):
                code = _keep(command, output.fileno())
                _remove(filter(None, left.split(os.pathsep)))
                return code
        except Timeout:
            output.write(b"an earlier server still holds the data\n")
        except OSError as exc:
            output.write(f"cannot start: {exc}\n".encode())
    return 1


def _keep(command: list[str], log: int) -> int:
    server = subprocess.Popen(  # noqa: S603 - a list from servers.py, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=_dying_with_its_parent(),
        creationflags=_OWN_GROUP,
    )
    threading.Thread(target=_follow_parent_pipe, args=(server,), daemon=True).start()
    # Not sys.stdout: where there is no console (pythonw) that is None.
    os.write(1, f"{server.pid}\n".encode())
    return 0 if server.wait() == 0 else 1


def _remove(files: Iterable[str]) -> None:
    for file in files:
        # Another user's stay.
        with suppress(OSError):
            Path(file).unlink()


def _follow_parent_pipe(server: subprocess.Popen[bytes]) -> None:
    # os.read, not sys.stdin: a buffered reader's lock, held by a daemon thread, aborts the interpreter at exit.
    if os.read(0, 1) == KILL:
        server.kill()
        return
    if sys.platform == "win32":
        server.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        server.terminate()
    try:
        server.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


def _dying_with_its_parent() -> Callable[[], None] | None:
    """On Linux the server also ends where the supervisor itself is killed; the kernel sees to it."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
