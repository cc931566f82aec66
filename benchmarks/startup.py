"""How long a start and an end take, beside the interpreter's own start: medians of whole processes in one run.

    python -m benchmarks.startup [--runs N]

The window is measured from the birth of its process until all its widgets are painted for the first time (`shown`), and
until its list is (`calls`); `computed` is what its own thread computed until the former. `exit` is from the receipt on
stdout to the end of the process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.first_paint import start_window

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
    yield "window", lambda: start_window(profile, {**environ, "QT_QPA_PLATFORM": "offscreen"})


def main() -> None:
    """Print the medians in seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
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
