"""`callup provision`: prints the rights that CallUp uses, and makes what its places should have. Main thread."""

import argparse
import json

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.cli.servers import servers_of
from callup_desktop.compose import connected
from callup_desktop.config.paths import Home
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import CallError
from callup_desktop.instance.client import make_home
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.services.provisioning import Provisioned, Role, iam_policy, keeps_versions, mongo_role, provision
from callup_desktop.services.secrets import Secrets


def provision_places(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print the rights and what is missing, and make that if it was asked for; the exit code. Raises StartError."""
    make_home(here)
    with connected(choice, here) as connection:
        profile, secrets = servers_of(connection)
        versioned = options.versioned or _keeps_versions(profile, secrets)
        policy = iam_policy(profile, Role(options.role), versioned=versioned)
        role = mongo_role(profile, Role(options.role), insert_only=options.insert_only)
        if printer.as_json:
            printer.values({"iam_policy": policy})
            printer.values({"mongo_role": role})
        else:
            for line in "\n".join(json.dumps(document, indent=2) for document in (policy, role)).splitlines():
                printer.line(line)
        try:
            items = provision(profile, secrets, apply=options.apply, validator=options.validator)
        except CallError as exc:
            words = CheckWriter(printer.messages)
            printer.error("", exc.code, words.of_code(exc.code, exc.params), connection.redact(exc.detail))
            return ExitCode.FAILED
    for item in items:
        _tell(printer, item)
    return ExitCode.OK


def _keeps_versions(profile: Profile, secrets: Secrets) -> bool:
    """Whether the bucket says so; why it does not answer is told where the rest is looked for."""
    try:
        return keeps_versions(profile, secrets)
    except CallError:
        return False


def _tell(printer: Printer, found: Provisioned) -> None:
    state = "there" if found.there else "made" if found.made else "missing"
    if printer.as_json:
        printer.values({"item": found.item, "state": state})
    else:
        printer.line(f"{found.item:<10} {state}")
