"""The window's main: reads the command line, and loads what it asks for. Main thread."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from callup_desktop import __version__
from callup_desktop.loading import keep_plugins_out
from callup_desktop.standard_streams import fill_standard_streams

EXIT_CODES = (
    "exit codes: 0 all is well, 1 a self-test that failed, 2 a command line that cannot be understood, 75 a program"
    " that did not stop in time, 78 no start: profile, folder, screen or library"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """`callup-desktop`: open the window, or hand the files to the one that is open; the exit code."""
    # Whatever is written is this user's alone.
    os.umask(0o077)
    # What a start loads stays: to look for waste in it meanwhile takes a tenth of the start.
    gc.disable()
    keep_plugins_out()
    try:
        fill_standard_streams()
        options = parser().parse_args(arguments)
        if options.self_test is not None:
            # Before the rest is loaded, which is what may be missing.
            from callup_desktop.choice import ExitCode
            from callup_desktop.self_test_report import files_hold

            if not files_hold(options.self_test):
                return ExitCode.FAILED
        # Only now, so that nothing of it was loaded before the line above.
        from callup_desktop.window import run

        return run(options)
    finally:
        gc.enable()


def parser() -> argparse.ArgumentParser:
    """What `callup-desktop` may be told."""
    made = argparse.ArgumentParser(
        prog="callup-desktop", description="Drop call recordings, and forget about them.", epilog=EXIT_CODES
    )
    made.add_argument("--version", action="version", version=f"callup-desktop {__version__}")
    made.add_argument("files", nargs="*", metavar="FILE")
    where = made.add_mutually_exclusive_group()
    where.add_argument("--profile", type=Path, metavar="FILE", help="the .callup file from your IT department")
    where.add_argument("--sandbox", action="store_true", help="use the embedded sandbox on this computer")
    made.add_argument("--quit", action="store_true", help="ask the running program to stop, and wait until it has")
    made.add_argument(
        "--self-test",
        type=Path,
        metavar="FOLDER",
        help="try this installation, send the sample recording, and leave a report and a picture of the window there",
    )
    return made


if __name__ == "__main__":
    sys.exit(main())
