"""`callup sandbox`: runs the embedded servers until stopped; the bundle ships without them. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import absolute, make_home
from callup_desktop.sandbox.errors import SandboxError
from callup_desktop.sandbox.serve import serve_until_stopped


def sandbox(options: argparse.Namespace, _choice: Choice, printer: Printer, here: Home) -> int:
    """Run S3, SQS and MongoDB; the exit code. Raises StartError."""
    make_home(here)
    try:
        serve_until_stopped(absolute(options.data) if options.data else here.sandbox, printer.line)
    except SandboxError as exc:
        printer.error("", exc.code, printer.messages.of_code(exc.code, exc.params), exc.detail)
        return ExitCode.FAILED
    return ExitCode.OK
