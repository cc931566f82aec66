"""`callup serve`: the gateway from the console. Main thread."""

import argparse
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callup_desktop.choice import Choice, environment_secrets
from callup_desktop.cli.output import Printer
from callup_desktop.compose import choose_profile, connected, policy_of_this_computer
from callup_desktop.config.paths import Home
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ChosenProfile, Origin
from callup_desktop.engine.errors import Code
from callup_desktop.extras import has_gateway
from callup_desktop.instance.client import StartError, bad_profile, make_home
from callup_desktop.logs import open_stream_log
from callup_desktop.resource_files import RESOURCES

if TYPE_CHECKING:
    from callup_desktop.gateway.settings import GatewaySettings

_SAMPLE = RESOURCES / "sample.mp3"


def serve(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Run the gateway until stopped; the exit code. Raises StartError."""
    if not has_gateway():
        raise StartError(Code.NO_GATEWAY)
    make_home(here)
    if choice.sandbox:
        with connected(choice, here) as connection:
            return _serve(options, connection.path, choice.environ, printer)
    policy_of_this_computer()
    # Whoever sets the variables of a service is its operator, so a profile named there needs nobody's word.
    path = _file_of(choose_profile(choice, here), choice) if choice.profile else None
    return _serve(options, path, choice.environ, printer)


def _file_of(chosen: ChosenProfile, choice: Choice) -> Path | None:
    """The file that each worker reads with the keys that IT set over it; where these are all, it is the named one."""
    return choice.profile if chosen.origin is Origin.POLICY else chosen.path


def _serve(options: argparse.Namespace, profile: Path | None, environ: Mapping[str, str], printer: Printer) -> int:
    # Imported only here: a console that sends needs no web server.
    from callup_desktop.gateway.gateway import OpenToAllError
    from callup_desktop.gateway.server import check
    from callup_desktop.gateway.server import serve as serve_until_stopped

    settings = _settings(options, profile)
    try:
        with open_stream_log(sys.stderr, lambda: environment_secrets(environ)) as log:
            check(settings, environ, log)
    except ProfileError as exc:
        raise bad_profile(exc) from exc
    except OpenToAllError as exc:
        raise StartError(Code.OPEN_TO_ALL) from exc
    except (OSError, ValueError) as exc:
        raise StartError(Code.BAD_SETTINGS, {"problems": f"tokens_file: {exc}"}) from exc
    try:
        return serve_until_stopped(settings, environ, lambda address: _tell(printer, address, settings))
    except OSError as exc:
        raise StartError(Code.ADDRESS_TAKEN, {"address": f"{settings.host}:{settings.port}"}) from exc


def _settings(options: argparse.Namespace, profile: Path | None) -> "GatewaySettings":
    """The command line's values, then the environment's; raises StartError."""
    from pydantic import ValidationError

    from callup_desktop.gateway.settings import GatewaySettings, told

    given = {"profile": profile, "host": options.host, "port": options.port, "workers": options.workers}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    try:
        return GatewaySettings(**values)
    except ValidationError as exc:
        if any(error["type"] == "missing" and error["loc"] == ("profile",) for error in exc.errors()):
            raise StartError(Code.NO_PROFILE) from exc
        raise StartError(Code.BAD_SETTINGS, {"problems": told(exc)}) from exc


def _tell(printer: Printer, address: str, settings: "GatewaySettings") -> None:
    """Where it listens, and a line that can be copied."""
    curl = _curl(address, authorised=settings.asks_for_tokens)
    if printer.as_json:
        printer.values({"address": address, "docs": f"{address}/docs", "curl": curl})
        return
    printer.line(f"{address} takes calls, {address}/docs tells how. Try it:")
    printer.line(curl)


def _curl(address: str, *, authorised: bool) -> str:
    fields = ("company_name=Acme Corp", "contact_email=john@acme.com", "call_type=demo")
    sample = _SAMPLE if _SAMPLE.is_file() else Path("recording.mp3")
    words = ["curl", "--fail-with-body"]
    for field in (*fields, f"file=@{sample}"):
        words += ["-F", field]
    line = shlex.join([*words, f"{address}/api/v1/calls/upload"])
    return line.replace("curl ", 'curl -H "Authorization: Bearer $TOKEN" ', 1) if authorised else line
