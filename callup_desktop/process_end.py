"""The end of a process, once all that is its own is closed. Main thread."""

import os
import sys
from contextlib import suppress
from typing import NoReturn


def end_process(code: int) -> NoReturn:
    """End now with the exit code; what was written to the standard streams is handed on first.

    Libraries would still wait for their threads: pymongo for a server's answer, for seconds on a slow link. Nothing of
    ours is left to be done by then: the journal is closed, the lock given up, the log written.
    """
    for stream in (sys.stdout, sys.stderr):
        # There may be none, or nobody who reads it.
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
