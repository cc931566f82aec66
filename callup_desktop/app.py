"""The window's main: reads the command line, and loads what it asks for. Main thread."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from callup_desktop.standard_streams import fill_standard_streams


def main(arguments: Sequence[str] | None = None) -> int:
    """`callup-desktop`: open the window, or hand the files to the one that is open; the exit code."""
    # Whatever is written is this user's alone.
    os.umask(0o077)
    # What a start loads stays: to look for waste in it meanwhile takes a tenth of the start.
    gc.disable()
    try:
        fill_standard_streams()
        options = _parser().parse_args(arguments)
        # Only now, so that nothing of it was loaded before the line above.
        from callup_desktop.window import run

        return run(options)
    finally:
        gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callup-desktop", description="Drop call recordings, and forget about them.")
    parser.add_argument("files", nargs="*", metavar="FILE")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    parser.add_argument("--quit", action="store_true", help="ask the running program to stop, and wait until it has")
    parser.add_argument(
        "--self-test",
        type=Path,
        metavar="FOLDER",
        help="try this installation, send the sample recording, and leave a report and a picture of the window there",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
