"""How long a start and an end take, beside the interpreter's own start: medians of whole processes in one run.

    python -m benchmarks.startup [--runs N]

The window is measured from the birth of its process until all its widgets are painted for the first time. `exit` is
from the receipt on stdout to the end of the process.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_CONSOLE = (sys.executable, "-m", "callup_desktop.cli.main")
_MIB_SECONDS = 5.5
"""Seconds of sound that make one MiB."""


def seconds_of(command: Sequence[str], environ: dict[str, str]) -> float:
    """From the birth of the process to its end."""
    began = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def send(file: Path, profile: Path, environ: dict[str, str]) -> dict[str, float]:
    """Seconds from the birth of a console to its receipt, and from there to its end."""
    details = ["--company", "Acme Corp", "--email", "john@acme.com", "--type", "demo"]
    command = [*_CONSOLE, "send", str(file), "--profile", str(profile), "--send-again", *details]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as console:
        receipt = json.loads(next(iter(console.stdout or ()), "{}"))
        told = time.perf_counter()
        code = console.wait()
    if code or receipt.get("status") != "uploaded":
        raise SystemExit(f"{file} did not arrive: {code}")
    return {"receipt": told - began, "exit": time.perf_counter() - told}


def start_window(profile: Path, environ: dict[str, str]) -> float:
    """Seconds from the birth of the process to the first paint."""
    command = [sys.executable, "-m", "benchmarks.startup", "--window", str(profile)]
    born = time.time()
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout) - born


def show_window(profile: Path) -> None:
    """Run the program's own start; print the moment of its first paint, and quit."""
    # Only now, as the program does: what is imported before counts as part of the start.
    from callup_desktop import app

    gc.disable()  # as `app.main` does before it loads the window
    from PySide6.QtCore import QTimer

    from callup_desktop.ui.main_window import MainWindow
    from callup_desktop.ui.widgets.surface import Surface

    painted = Surface.paintEvent

    def note(surface: Surface) -> None:
        if isinstance(window := surface.window(), MainWindow) and Surface.paintEvent is not painted:
            Surface.paintEvent = painted  # type: ignore[method-assign]  # as it was
            print(time.time(), flush=True)
            window.close_policy.quit_now()

    def paint(surface: Surface, event: "QPaintEvent") -> None:
        painted(surface, event)
        # Once all the widgets of this moment are painted.
        QTimer.singleShot(0, surface, partial(note, surface))

    Surface.paintEvent = paint  # type: ignore[method-assign, assignment]  # to see it
    app.main(["--profile", str(profile)])


def measured(profile: Path, folder: Path) -> Iterator[tuple[str, Callable[[], dict[str, float]]]]:
    """What is measured, in turn, so that a busy moment of the machine meets all of it."""
    from tests.cli.console import wav

    environ = {**os.environ, "CALLUP_HOME": str(folder / "home")}
    small, large = wav(folder / "small.wav", 1.0), wav(folder / "large.wav", 101 * _MIB_SECONDS)
    yield "python", lambda: {"": seconds_of([sys.executable, "-c", "pass"], environ)}
    yield "help", lambda: {"": seconds_of([*_CONSOLE, "--help"], environ)}
    yield "list", lambda: {"": seconds_of([*_CONSOLE, "list", "--profile", str(profile)], environ)}
    yield "list json", lambda: {"": seconds_of([*_CONSOLE, "list", "--json", "--profile", str(profile)], environ)}
    yield "send small", lambda: send(small, profile, environ)
    yield "send 101 MiB", lambda: send(large, profile, environ)
    yield "window", lambda: {"": start_window(profile, {**environ, "QT_QPA_PLATFORM": "offscreen"})}


def main() -> None:
    """Print the medians in seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--window", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.window:
        show_window(options.window)
        return
    from callup_desktop.sandbox.embedded import Sandbox

    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name, Sandbox(Path(name) / "sandbox") as running:
        measures = dict(measured(running.profile, Path(name)))
        for run in range(options.runs + 1):
            for what, measure in measures.items():
                for part, seconds in measure().items():
                    if run:
                        found.setdefault(f"{what} {part}".strip(), []).append(seconds)
    for what, times in found.items():
        print(f"{what:<24} {median(times):.3f} s   (from {min(times):.3f} to {max(times):.3f})")


if __name__ == "__main__":
    main()
