"""Sends a call in a window over the engine in memory, and writes what a dock on the session bus hears of it.

dbus-run-session -- python -m tests.ui.dock
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.events import JobChanged
from callup_desktop.engine.job import State
from callup_desktop.ui.application import Application
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.system.environment import environment_of
from tests.ui import samples
from tests.ui.fake_engine import FakeEngine


class Dock:
    """Another program that listens."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def hear(self) -> dict[str, str]:
        """The next update: the program, and how far it is."""
        found: dict[str, str] = {}
        while "progress-visible" not in found:
            word, _, value = next(self._lines).strip().partition(" ")
            match word:
                case "string" if "application:" in value:
                    found["program"] = value.strip('"')
                case "string":
                    name = value.strip('"')
                case "variant":
                    found[name] = value.split()[-1]
        return found


@contextmanager
def dock() -> Iterator[Dock]:
    command = ["dbus-monitor", "--session", "interface='com.canonical.Unity.LauncherEntry'"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as monitor:
        assert monitor.stdout is not None
        lines = iter(monitor.stdout)
        # It listens from here on.
        while "NameAcquired" not in next(lines):
            pass
        yield Dock(lines)
        monitor.terminate()


def main() -> None:
    """Half of the bytes, then all of them."""
    application = Application()
    home = home_of()
    home.make()
    engine = FakeEngine(report=lambda _event: None)
    environment = environment_of(home, application, command=("callup-desktop",))
    window = MainWindow(engine, profile=samples.PROFILE, messages=application.messages(), environment=environment)
    engine.report = window.on_reported
    engine.start()
    half = samples.sending(samples.draft("a", "a.wav", 8, 60, samples.ACME), State.RUNNING, 0)
    heard = []
    with dock() as listening:
        for job in (replace(half, stored=half.size // 2), replace(samples.sent()[0], id="a")):
            window.on_reported(JobChanged(job))
            window.show_changes()
            heard.append(listening.hear())
    sys.stdout.write(json.dumps(heard))
    window.quit_requested.connect(application.quit)
    window.close_policy.quit_now()
    QApplication.processEvents()


if __name__ == "__main__":
    main()
