"""Consoles in processes of their own within milliseconds: forked from one that has loaded all that a console loads.

    python -m tests.cli.forked DESCRIPTOR [MODULE ...]

A datagram on the socket with that descriptor is one run: a connection and the three standard streams. On the connection
come the command line, environment and folder as a line of JSON; the answer is the number of the process, then its exit
code. Modules are what it loads beside what every console does. One thread.
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
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, Any, Self

from callup_desktop.cli import main as cli

_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_")
"""Variables that count at an interpreter's own start only; one that a program reads itself is none of them."""
_READ_LATER = frozenset({"PYTHON_KEYRING_BACKEND"})
_ENVIRON = dict(os.environ)
"""As it was before any test changed it."""


def serve(descriptor: int, modules: list[str]) -> None:
    """Until whoever started this has ended, and with it the pipe that is stdin."""
    # What every console loads that sends; not keyring, which looks at the environment as it is loaded.
    from tests.faults.zygote import warm_up

    for module in modules:
        import_module(module)
    warm_up()
    running: dict[int, socket.socket] = {}
    heard, told = socket.socketpair()
    told.settimeout(0)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    # A number that select counts: whoever started this may have had more files open.
    with socket.socket(fileno=os.dup(descriptor)) as requests, heard, told:
        os.write(1, b"listening\n")
        while True:
            ready = select.select([requests, sys.stdin, heard], [], [])[0]
            if sys.stdin in ready:
                return
            if requests in ready:
                _byte, (descriptor, *streams), _flags, _address = socket.recv_fds(requests, 1, 4)
                connection = socket.socket(fileno=descriptor)
                running[_fork(connection, streams, (requests, heard, told, *running.values()))] = connection
            if heard in ready:
                heard.recv(4096)
            for pid in tuple(running):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    with running.pop(pid) as connection, suppress(OSError):
                        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _fork(connection: socket.socket, streams: list[int], of_the_parent: tuple[socket.socket, ...]) -> int:
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for kept in of_the_parent:
            kept.close()
        with connection, connection.makefile("r") as asked:
            request = json.loads(asked.readline())
        _run(request, streams)
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
        gc.enable()
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

    requests: socket.socket
    environ: dict[str, str]

    def fits(self, environ: dict[str, str]) -> bool:
        """Whether an interpreter of its own would start in the same way with these variables."""
        return _of_interpreter(environ) == _of_interpreter(self.environ)

    def start(
        self, arguments: list[str], environ: dict[str, str], folder: Path, out: IO[Any], err: IO[Any]
    ) -> "Forked":
        """`callup` with these words, which writes to the files."""
        request = {"arguments": arguments, "environ": environ, "folder": str(folder)}
        connection, theirs = socket.socketpair()
        try:
            with theirs, Path(os.devnull).open("rb") as nothing:
                streams = [nothing.fileno(), out.fileno(), err.fileno()]
                socket.send_fds(self.requests, [b"."], [theirs.fileno(), *streams])
            connection.sendall(json.dumps(request).encode() + b"\n")
            return Forked(connection)
        except BaseException:
            connection.close()
            raise

    def run(self, arguments: list[str], environ: dict[str, str], out: IO[bytes], err: IO[bytes], within: float) -> int:
        """The exit code of `callup`, what it wrote is in the files; subprocess.TimeoutExpired as from `run` there."""
        with self.start(arguments, environ, Path.cwd(), out, err) as process:
            try:
                return process.wait(within)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


class Forked:
    """A process that was forked, asked and ended as a Popen is. Any thread."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reading = Lock()
        """Of the thread that waits; another one would take the exit code from it."""
        self._told = b""
        self.pid = self._number(None)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for the signal that ended it; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The same once it has ended; raises subprocess.TimeoutExpired."""
        if not self._reading.acquire(timeout=-1 if timeout is None else timeout):
            raise subprocess.TimeoutExpired(["callup"], timeout or 0)
        try:
            if self.returncode is None:
                self.returncode = self._number(timeout)
            return self.returncode
        finally:
            self._reading.release()

    def send_signal(self, number: int) -> None:
        """Unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Whoever is still interested has asked; a process that runs on is nobody's."""
        self._connection.close()

    def _number(self, timeout: float | None) -> int:
        while b"\n" not in self._told:
            # No select: a test may have more files open than that counts.
            self._connection.settimeout(timeout)
            try:
                data = self._connection.recv(64)
            except (BlockingIOError, TimeoutError) as exc:
                raise subprocess.TimeoutExpired(["callup"], timeout or 0) from exc
            assert data, "the parent of the consoles has ended"
            self._told += data
        line, _, self._told = self._told.partition(b"\n")
        return int(line)


def _of_interpreter(environ: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environ.items()
        if name.startswith(_OF_THE_INTERPRETER) and name not in _READ_LATER and not name.startswith("PYTEST")
    }


_starting = Lock()


def parent(*modules: str) -> Parent:
    """The one of this test process that has these modules loaded too, started when it is first needed."""
    with _starting:
        return _parent(modules)


@cache
def _parent(modules: tuple[str, ...]) -> Parent:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forked", str(theirs.fileno()), *modules],
            env=_ENVIRON,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(theirs.fileno(),),
        )
    atexit.register(ours.close)
    atexit.register(process.wait)
    atexit.register(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline(), "the parent of the consoles did not start"
    return Parent(ours, _ENVIRON)


if __name__ == "__main__":
    gc.disable()
    serve(int(sys.argv[1]), sys.argv[2:])
