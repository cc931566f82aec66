"""`callup`, the console twin of the window: the same engine and journal, for automation and for tests. Main thread.

It speaks English in every locale, because scripts and the admins who write them read it; codes stand beside the
sentences with --json. The window's program speaks the rep's language, on stderr too.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from callup_desktop.cli.arguments import parser
from callup_desktop.loading import loading
from callup_desktop.process_end import end_process
from callup_desktop.standard_streams import fill_standard_streams


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    # Whatever is written is this user's alone.
    os.umask(0o077)
    fill_standard_streams()
    options = parser().parse_args(arguments)
    # Here alone a command is loaded, with all that it needs: help and mistakes are told without any of it.
    module, _, function = options.runs.partition(":")
    with loading():
        command = getattr(import_module(f"callup_desktop.cli.{module}"), function)
        run = import_module("callup_desktop.cli.run").run
    return int(run(command, options))


def program() -> NoReturn:
    """The program `callup`: run the command of the command line, and end the process with its exit code."""
    end_process(main())


if __name__ == "__main__":
    program()
