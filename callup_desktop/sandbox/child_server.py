"""A sandbox server as its parent sees it: a child that ends with the parent. Used by one thread at a time."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from callup_desktop.sandbox import supervisor

_TAIL_BYTES = 4096
_TAIL_LINES = 8
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


class ChildServer:
    """A running server; ends when it is stopped, when it is killed, or when this process ends in whatever way."""

    def __init__(self, child: subprocess.Popen[bytes], parent_pipe: IO[bytes], pid: int | None, log: Path) -> None:
        """Made by `start` of a supervisor that runs; `pid` is the server's own, None if it could not start."""
        self._child = child
        self._parent_pipe = parent_pipe
        self.pid = pid
        self._log = log

    @classmethod
    def start(
        cls, command: list[str], environment: Mapping[str, str], *, folder: Path, name: str, left: Iterable[Path] = ()
    ) -> Self:
        """Start the command in the folder; returns once it runs, or once it is clear that it cannot (`ended`).

        What the server leaves behind itself is removed at its end.
        """
        log = folder / "logs" / f"{name}.log"
        log.write_bytes(b"")
        # -P: a script's own folder must not shadow the standard library.
        places = (str(folder / f"{name}.lock"), str(log), os.pathsep.join(map(str, left)))
        keep = [sys.executable, "-P", supervisor.__file__, *places, *command]
        child = subprocess.Popen(  # noqa: S603 - a list of our own making, no shell
            keep,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # Out of reach of this terminal's Ctrl-C, so that the app ends first and its servers after it.
            start_new_session=True,
            creationflags=_NO_WINDOW,
        )
        assert child.stdin is not None  # noqa: S101 - it is a pipe; for mypy
        assert child.stdout is not None  # noqa: S101 - likewise
        with child.stdout as says:
            line = says.readline().strip()
        return cls(child, child.stdin, int(line) if line else None, log)

    @property
    def ended(self) -> bool:
        """Whether the server is gone."""
        return self._child.poll() is not None

    def ended_within(self, seconds: float) -> bool:
        """Wait this long for the server to end; whether it did."""
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ask_to_stop(self) -> None:
        """Close the pipe; the server ends in good order within supervisor.GRACE seconds. Does not wait."""
        self._parent_pipe.close()

    def kill(self) -> None:
        """End the server as a power cut would; returns once it is gone."""
        # The server may have ended by itself just now, and its supervisor with it.
        with suppress(BrokenPipeError, ValueError):
            self._parent_pipe.write(supervisor.KILL)
        self.stop()

    def stop(self) -> None:
        """End the server in good order; returns once it is gone. Stopping twice does no harm."""
        self.ask_to_stop()
        if not self.ended_within(2 * supervisor.GRACE):
            self._child.kill()
            self._child.wait()

    def last_words(self) -> str:
        """The last lines of the server's log, "" if it said nothing."""
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return "\n".join(line for line in lines[-_TAIL_LINES:] if line.strip())
