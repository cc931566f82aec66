"""Real screens for tests: Xvfb in any size, jwm as the window manager with its task bar, with a tray or without."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WITHIN = 60
"""Seconds in which a process has to end."""

only_linux = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a screen of Linux")
_BAR = """<?xml version="1.0"?>
<JWM>
<Tray x="0" y="-1" height="30"><TaskList/>{tray}</Tray>
<StartupCommand>echo &gt; "{ready}"</StartupCommand>
</JWM>
"""


@contextmanager
def screen(size: str = "1280x800") -> Iterator[str]:
    """A screen in memory, on a number that is free; its name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(WITHIN)


@contextmanager
def desktop(folder: Path, display: str, *, tray: bool = True) -> Iterator[None]:
    """A window manager with a task bar at the lower edge, as one that has just started; `folder` gets its settings.

    What an earlier one wrote about the screen may still stand there, so the screen does not tell that this is ready.
    """
    settings, ready = folder / f"jwm{display}", folder / f"ready{display}"
    ready.unlink(missing_ok=True)
    os.mkfifo(ready)
    settings.write_text(_BAR.format(tray="<Dock/>" if tray else "", ready=ready), encoding="utf-8")
    command = ["jwm", "-display", display, "-f", str(settings)]
    manager = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ready.read_text(encoding="utf-8")
        yield
    finally:
        manager.terminate()
        manager.wait(WITHIN)


def environ(display: str, home: Path, **more: str) -> dict[str, str]:
    """The environment of a program on that screen; nobody's session bus, so that a tray is the window manager's."""
    others = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    return {**others, "CALLUP_HOME": str(home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", **more}
