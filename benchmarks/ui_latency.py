"""How smooth the window stays: while 1 GiB is uploaded in the same process, and with 10,000 rows.

    python -m benchmarks.ui_latency [--size MIB] [--rows N] [--updates N] [--limit MIB_A_SECOND] [--platform offscreen]

Lateness is how much later than asked a 16 ms timer in the window's thread fires; busy is how long that thread itself
computed between two ticks, which a machine that is busy with something else does not change.
"""

import argparse
import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Slot

from benchmarks.sink import sink
from benchmarks.upload import MIB, recording
from callup_desktop.calls.metadata import Details
from callup_desktop.choice import Choice
from callup_desktop.compose import EngineHost, connected
from callup_desktop.config.paths import Home
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.engine.commands import Commands
from callup_desktop.engine.events import JobProgress, Progress, Snapshot, Status
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.rows import Tab
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording
from callup_desktop.sandbox.embedded import Sandbox
from callup_desktop.ui.application import Application
from callup_desktop.ui.bridge import EngineBridge
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.threads import spawn_worker
from callup_desktop.window import application_of_a_window
from tests.cli.console import profile_with

_TICK = 0.016
_RUNNING = 3
_FILLING_IN = 2.0
"""Seconds that a rep takes for the three fields at least, in which the window draws ahead what it shows next."""
_DETAILS = Details("Acme Corp", "john@acme.com", "demo")


class Pulse(QObject):
    """Notes how late each tick of a 16 ms timer is, and how long its thread computed since the last one."""

    def __init__(self) -> None:
        """Not running."""
        super().__init__()
        self.late: list[float] = []
        self.busy: list[float] = []
        self._due = self._used = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(_TICK * 1000))
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """From now on."""
        self._due, self._used = time.perf_counter() + _TICK, time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """No more."""
        self._timer.stop()

    @Slot()
    def _on_tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, now - self._due))
        self.busy.append(used - self._used)
        self._due, self._used = now + _TICK, used


def wait(application: Application, holds: Callable[[], bool]) -> None:
    """Run the event loop, blocking between events as it does in the program, until it holds."""
    waker = QTimer()
    waker.start(50)
    while not holds():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    waker.stop()


def close(application: Application, window: MainWindow) -> None:
    """End the window here: left to the garbage collector, it may be destroyed on a thread that is not its own."""
    window.close_policy.quit_now()
    window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def while_uploading(
    application: Application, profile_file: Path, folder: Path, size: int, limit: int | None
) -> dict[str, float]:
    """Lateness while one recording of `size` bytes is sent by an engine in this process, `limit` bytes a second."""
    path = recording(folder / "call.wav", size)
    base = folder / "home"
    home = Home(config=base, data=base, logs=base / "logs")
    home.make()
    bridge, pulse = EngineBridge(), Pulse()
    with (
        connected(Choice(profile_file), home) as connection,
        EngineHost(connection, home, report=bridge.post, spawn=spawn_worker) as running,
    ):
        window = MainWindow(running.commands, profile=connection.profile, messages=application.messages())
        bridge.reported.connect(window.on_reported)
        running.start()
        running.commands.set_limit(limit)
        window.take_files((path,))
        page = window.page
        wait(application, lambda: bool(page.form.ids) and page.lists.live.rowCount() == 1)
        (job_id,) = page.form.ids
        wait(application, lambda: (job := page.job_of(job_id)) is not None and job.recording is not None)
        page.form.company.setText(_DETAILS.company_name)
        page.form.email.setText(_DETAILS.contact_email)
        page.form.company.textEdited.emit(_DETAILS.company_name)
        page.form.call_type.buttons[0].click()
        filled_in_at = time.perf_counter() + _FILLING_IN
        wait(application, lambda: time.perf_counter() >= filled_in_at)
        # As the program does before its event loop.
        gc.freeze()
        pulse.start()
        started = time.perf_counter()
        page.form.send()
        wait(application, lambda: page.lists.sent.rowCount() == 1)
        seconds = time.perf_counter() - started
        pulse.stop()
        close(application, window)
    return {
        "upload_mib": size // MIB,
        "upload_s": round(seconds, 2),
        "ticks": len(pulse.late),
        **spread("late", pulse.late),
        **spread("busy", pulse.busy),
    }


def with_many_rows(application: Application, profile: Profile, rows: int, updates: int) -> dict[str, float]:
    """Time to show this many calls, and for this many progress updates of three of them, each painted."""
    window = MainWindow(cast(Commands, Silent()), profile=profile, messages=application.messages())
    window.show()
    application.processEvents()
    jobs = tuple(job(number) for number in range(rows))
    status = Status(True, datetime.now(UTC), None, _RUNNING, rows - _RUNNING, 0, 0, 0)  # noqa: FBT003 - a frozen event
    started = time.perf_counter()
    window.on_reported(Snapshot(jobs, (_DETAILS,)))
    window.on_reported(status)
    window.show_changes()
    window.repaint()
    application.processEvents()
    shown = time.perf_counter() - started
    longest, started = 0.0, time.perf_counter()
    for number in range(updates):
        before = time.perf_counter()
        window.on_reported(progress(jobs[:_RUNNING], number / updates))
        window.show_changes()
        window.page.lists.view.viewport().repaint()
        application.processEvents()
        longest = max(longest, time.perf_counter() - before)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    scrolled = 0
    bar = window.page.lists.views[Tab.LIVE].verticalScrollBar()
    for value in range(0, bar.maximum(), max(1, bar.maximum() // 200)):
        bar.setValue(value)
        window.page.lists.view.viewport().repaint()
        scrolled += 1
    scroll = (time.perf_counter() - started) / scrolled
    close(application, window)
    return {
        "rows": rows,
        "show_ms": round(shown * 1000, 1),
        "updates": updates,
        "updates_s": round(seconds, 2),
        "longest_update_ms": round(longest * 1000, 1),
        "scroll_frame_ms": round(scroll * 1000, 1),
    }


def job(number: int) -> Job:
    """One call of many: the first are running, the others wait."""
    sample = Recording(Format.WAV, 486 * MIB, 2892.0, 1, 44_100, None, (), "crc", "crc")
    made = Job(
        id=f"call-{number}",
        state=State.RUNNING if number < _RUNNING else State.QUEUED,
        path=Path(f"call {number}.wav"),
        added_at=datetime.now(UTC),
        recording=sample,
        details=_DETAILS,
    )
    return replace(made, submitted_at=made.added_at, part_size=8 * MIB, key=f"{number}.wav", bucket="bucket")


def progress(jobs: tuple[Job, ...], share: float) -> Progress:
    """So much of each is stored."""
    rows = tuple(JobProgress(known.id, int(known.size * share), 8 * MIB, 6e6, 31.0) for known in jobs)
    return Progress(rows, 18e6)


class Silent:
    """An engine that takes every command and does nothing: only the window is measured."""

    def __getattr__(self, _command: str) -> Callable[..., None]:
        """Any command."""
        return lambda *_arguments, **_named: None


def spread(name: str, seconds: list[float]) -> dict[str, float]:
    """Median, 99th percentile and longest, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return {
        f"{name}_p50_ms": round(cuts[49] * 1000, 1),
        f"{name}_p99_ms": round(cuts[98] * 1000, 1),
        f"{name}_max_ms": round(max(seconds) * 1000, 1),
    }


def main() -> None:
    """Measure and print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--updates", type=int, default=1_000)
    parser.add_argument("--limit", type=float, help="MiB a second; without it as fast as this machine can")
    parser.add_argument("--platform", default="offscreen", help="Qt's platform plugin")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    application = application_of_a_window()
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(Path(name) / "sandbox") as running,
        sink(Path(name)) as endpoint,
    ):
        folder = Path(name)
        profile_file = profile_with(folder / "profile", running, endpoint=endpoint)
        profile = load_profile(profile_file)
        print(json.dumps(with_many_rows(application, profile, options.rows, options.updates)))
        limit = round(options.limit * MIB) if options.limit else None
        print(json.dumps(while_uploading(application, profile_file, folder, options.size * MIB, limit)))


if __name__ == "__main__":
    main()
