"""The sandbox as a program of its own, for other programs to try their calls on. Owned by the main thread."""

from pathlib import Path
from typing import TextIO

from callup_desktop.engine.errors import Code
from callup_desktop.os_signals import stop_signal
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.sandbox.errors import SandboxError

_POLL_INTERVAL = 0.5
"""Seconds between two looks at the servers."""


def serve_until_stopped(data: Path, out: TextIO) -> None:
    """Run the sandbox until SIGTERM or Ctrl-C and leave its data; when ready, one line of JSON goes to `out`.

    Raises SandboxError where it cannot start, or a server ends.
    """
    sandbox = Sandbox(data)
    with stop_signal() as stopped:
        try:
            print(sandbox.start().as_json(), file=out, flush=True)
            # In small steps: on Windows an endless wait does not hear Ctrl-C.
            while not stopped.wait(_POLL_INTERVAL):
                if fallen := sandbox.fallen():
                    raise SandboxError(Code.SANDBOX_SERVER_ENDED, {"server": fallen[0]})
        finally:
            sandbox.stop()
