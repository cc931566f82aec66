"""Runs `callup check`, the window or a worker of the gateway, which fails in every way with a text full of secrets.

    python -m tests.security.failing_program console|window|worker [ARGUMENT...]

Main thread.
"""

import importlib
import logging
import os
import sys
import threading
import warnings
from typing import Any

from callup_desktop.compose import Connection
from callup_desktop.services.gateway_tokens import straight
from callup_desktop.services.secrets import Secrets


def text_of(secrets: Secrets) -> str:
    """What a keyring and the environment hold, as a library's message repeats it."""
    return f"{secrets.mongo_password()} {os.environ['AWS_SECRET_ACCESS_KEY']}"


class Broken:
    """Fails when it is thrown away."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __del__(self) -> None:
        raise ValueError(f"thrown away: {self._text}")


def fail(text: str) -> None:
    """In another thread, where something is thrown away, by a library's log, as a warning, and here."""

    def beside() -> None:
        raise ValueError(f"another thread: {text}")

    thread = threading.Thread(target=beside)
    thread.start()
    thread.join()
    Broken(text)
    logging.getLogger("some.library").error("a library: %s", text)
    warnings.warn(f"a warning: {text}", stacklevel=1)
    raise ValueError(f"main thread: {text}")


def fail_in_console(connection: Connection, *_rest: object) -> None:
    """In place of the checks."""
    fail(text_of(straight(connection.profile, connection.secrets)[1]))


def fail_in_window(
    _application: object, _owner: object, connection: Connection, *_rest: object, **_more: object
) -> None:
    """In place of the window: also in a slot, and in a thread of Qt."""
    from PySide6.QtCore import QCoreApplication, QTimer

    from callup_desktop.ui.threads import spawn_worker

    text = text_of(straight(connection.profile, connection.secrets)[1])

    def in_a_slot() -> None:
        raise ValueError(f"a slot: {text}")

    def in_qt() -> None:
        raise ValueError(f"a thread of Qt: {text}")

    spawn_worker("failing", in_qt).join()
    QTimer.singleShot(0, in_a_slot)
    QCoreApplication.processEvents()
    fail(text)


def fail_in_worker(_profile: object, _path: object, **given: Any) -> None:
    """In place of the worker's secrets."""
    fail(f"{given['environ']['CALLUP_MONGO_PASSWORD']} {given['environ']['AWS_SECRET_ACCESS_KEY']}")


PROGRAMS = {
    "console": ("callup_desktop.cli.check", "checks_of", fail_in_console, "callup_desktop.cli.main", "program"),
    "window": ("callup_desktop.window", "_show_window", fail_in_window, "callup_desktop.app", "main"),
    "worker": (
        "callup_desktop.gateway.composition",
        "open_secrets",
        fail_in_worker,
        "callup_desktop.gateway.composition",
        "create_app",
    ),
}

if __name__ == "__main__":
    place, name, failing, program, start = PROGRAMS[sys.argv.pop(1)]
    setattr(importlib.import_module(place), name, failing)
    sys.exit(getattr(importlib.import_module(program), start)())
