"""Consoles in processes of their own within milliseconds: forked from one that has loaded all that a console loads.

    python -m tests.cli.forked SOCKET

A connection to the socket is one run: the command line, environment and folder as JSON, with the descriptors of the
three standard streams; the answer is the number of the process, then its exit code. One thread.
"""

import atexit
import gc
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO

from callup_desktop.cli import main as cli

_POLL_INTERVAL = 0.005
_REQUEST_SIZE = 1024 * 1024
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_")
"""Variables that count at an interpreter's own start only; one that a program reads itself is none of them."""
_READ_LATER = frozenset({"PYTHON_KEYRING_BACKEND"})
_ENVIRON = dict(os.environ)
"""As it was before any test changed it."""


def serve(address: str) -> None:
    """Until whoever started this has ended, and with it the pipe that is stdin; a killed one's folder goes too."""
    # What every console loads that sends; not keyring, which looks at the environment as it is loaded.
    from tests.faults.zygote import warm_up

    warm_up()
    running: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, b"listening\n")
        while True:
            ready = select.select([listener, sys.stdin], [], [], _POLL_INTERVAL if running else None)[0]
            if sys.stdin in ready:
                _leave(Path(address))
                return
            if listener in ready:
                connection = listener.accept()[0]
                running[_fork(connection, listener)] = connection
            for pid in tuple(running):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    with running.pop(pid) as connection, suppress(OSError):
                        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _leave(address: Path) -> None:
    # Never more than the socket and an empty folder: whoever starts this names the path.
    with suppress(OSError):
        address.unlink()
        address.parent.rmdir()


def _fork(connection: socket.socket, listener: socket.socket) -> int:
    data, streams, _flags, _address = socket.recv_fds(connection, _REQUEST_SIZE, 3)
    pid = os.fork()
    if pid == 0:
        listener.close()
        connection.close()
        _run(json.loads(data), streams)
    for stream in streams:
        os.close(stream)
    with suppress(OSError):
        connection.sendall(f"{pid}\n".encode())
    return pid


def _run(request: dict[str, object], streams: list[int]) -> None:
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.environ.clear()
        os.environ.update(request["environ"])  # type: ignore[call-overload]  # as it was sent
        os.chdir(str(request["folder"]))
        sys.argv = ["callup", *request["arguments"]]  # type: ignore[misc]  # as it was sent
        # Else each would wait as long as the others.
        random.seed()
        cli.program()
    except SystemExit as exc:
        code = int(exc.code or 0)
    except BaseException:  # noqa: BLE001 - what an interpreter does with it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class Parent:
    """The process that forks, and what it was started with."""

    address: str
    environ: dict[str, str]

    def fits(self, environ: dict[str, str]) -> bool:
        """Whether an interpreter of its own would start in the same way with these variables."""
        return _of_interpreter(environ) == _of_interpreter(self.environ)

    def run(self, arguments: list[str], environ: dict[str, str], out: IO[bytes], err: IO[bytes], within: float) -> int:
        """The exit code of `callup`, what it wrote is in the files; subprocess.TimeoutExpired as from `run` there."""
        request = {"arguments": arguments, "environ": environ, "folder": str(Path.cwd())}
        with socket.socket(socket.AF_UNIX) as connection, Path(os.devnull).open("rb") as nothing:
            connection.settimeout(within)
            connection.connect(self.address)
            socket.send_fds(connection, [json.dumps(request).encode()], [nothing.fileno(), out.fileno(), err.fileno()])
            with connection.makefile("r") as told:
                pid = int(told.readline())
                try:
                    return int(told.readline())
                except TimeoutError as exc:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(["callup", *arguments], within) from exc


def _of_interpreter(environ: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environ.items()
        if name.startswith(_OF_THE_INTERPRETER) and name not in _READ_LATER and not name.startswith("PYTEST")
    }


_starting = Lock()


def parent() -> Parent:
    """The one of this test process, started when it is first needed."""
    with _starting:
        return _parent()


@cache
def _parent() -> Parent:
    folder = tempfile.TemporaryDirectory(prefix="callup-")
    address, command = f"{folder.name}/forks", [sys.executable, "-m", "tests.cli.forked"]
    process = subprocess.Popen([*command, address], env=_ENVIRON, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(folder.cleanup)
    atexit.register(process.wait)
    atexit.register(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline(), "the parent of the consoles did not start"
    return Parent(address, _ENVIRON)


if __name__ == "__main__":
    gc.disable()
    serve(sys.argv[1])
