"""`callup token`: makes a bearer token for the gateway. Main thread."""

import argparse
import hashlib
import json
import secrets

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home

_TOKEN_BYTES = 32


def token(options: argparse.Namespace, _choice: Choice, printer: Printer, _here: Home) -> int:
    """Make a bearer token: it is told once, and its entry for the gateway's list holds only its hash."""
    made = secrets.token_urlsafe(_TOKEN_BYTES)
    entry = {
        "sha256": hashlib.sha256(made.encode()).hexdigest(),
        "caller": options.caller,
        "tenant": options.tenant,
        "roles": options.role or ["calls:send"],
    }
    if printer.as_json:
        printer.values({"token": made, "entry": entry})
    else:
        printer.line(made)
        printer.line(json.dumps(entry, ensure_ascii=False))
    return ExitCode.OK
