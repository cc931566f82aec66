"""How quick the window is after a long time in use: 100,000 sent calls and 2,000 drafts in the list.

    python -m benchmarks.long_list [--sent N] [--drafts N] [--starts N] [--keys N] [--platform offscreen]

A start is measured from the birth of the process to the first paint of the window, and to the first paint with calls
in it; the first start is left out, because it fills the caches of the system. A key is measured from its press until
everything that it made the window paint is painted. Engine, journal and window are real; the network is not there.
"""

import argparse
import gc
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from benchmarks.first_paint import start_window
from benchmarks.ui_latency import close, spread, wait
from callup_desktop.calls.metadata import Details
from callup_desktop.choice import Choice
from callup_desktop.compose import EngineHost, connected
from callup_desktop.config.paths import Home
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import open_journal
from callup_desktop.engine.journal.rows import to_row
from callup_desktop.presentation.rows import Tab
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording
from callup_desktop.ui.application import Application
from callup_desktop.ui.bridge import EngineBridge
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.threads import spawn_worker

_MIB = 1024 * 1024
_COMPANIES = ("Acme Corp", "Globex", "Initech", "Umbrella", "Hooli", "Vehement Capital", "Massive Dynamic", "Stark")
_PROFILE = """name = "Long list"
bucket = "recordings"
endpoint = "http://127.0.0.1:9"
credentials = "sandbox"
mongo_uri = "mongodb://127.0.0.1:9/"
database = "calls"
queue_url = "http://127.0.0.1:9/queue"
"""
_RECORDING = Recording(Format.WAV, 40 * _MIB, 300.0, 1, 44_100, None, (), "0", "0")


def fill(folder: Path, sent: int, drafts: int) -> tuple[Home, Path]:
    """A home with that many calls, and its profile."""
    home = Home(config=folder, data=folder, logs=folder / "logs")
    home.make()
    profile = folder / "long.callup"
    profile.write_text(_PROFILE)
    with connected(Choice(profile), home) as connection:
        destination = connection.profile.identity
    open_journal(home.journal).close()
    with closing(sqlite3.connect(home.journal)) as journal, journal:
        for job in (*_sent(sent), *_drafts(drafts)):
            row = to_row(replace(job, destination=destination))
            columns, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
            journal.execute(f"INSERT INTO jobs ({columns}) VALUES ({marks})", row)  # noqa: S608 - our own columns
    return home, profile


def _drafts(count: int) -> Iterator[Job]:
    now = datetime.now(UTC)
    for number in range(count):
        company = _COMPANIES[number % len(_COMPANIES)]
        yield Job(
            id=f"draft-{number}",
            state=State.DRAFT,
            path=Path(f"/recordings/{company} call {number}.wav"),
            added_at=now + timedelta(microseconds=number),
            checked_at=now,
            recording=replace(_RECORDING, size=40 * _MIB + number, crc64nvme=f"{number:x}"),
        )


def _sent(count: int) -> Iterator[Job]:
    for number, job in enumerate(_drafts(count)):
        company = _COMPANIES[number % len(_COMPANIES)]
        moment = job.added_at - timedelta(minutes=count - number)
        yield replace(
            job,
            id=f"sent-{number}",
            state=State.DONE,
            added_at=moment,
            details=Details(company, f"contact@{company.split()[0].lower()}.com", "demo"),
            submitted_at=moment,
            bucket="recordings",
            key=f"2026/11/20/sent-{number}.wav",
            part_size=8 * _MIB,
            etag="etag",
            checksum="CRC64NVME:4mYc0P3vQeM=",
            uploaded_at=moment,
            registered_at=moment,
            announced_at=moment,
            message_id=f"message-{number}",
        )


def starts(home: Home, profile: Path, count: int, platform: str) -> dict[str, float]:
    """What `benchmarks.first_paint` tells of that many starts."""
    environ = {**os.environ, "QT_QPA_PLATFORM": platform, "CALLUP_HOME": str(home.data)}
    measured = [start_window(profile, environ) for _ in range(count + 1)][1:]
    found: dict[str, float] = {}
    for name in measured[0]:
        times = sorted(one[name] for one in measured)
        found[f"{name}_median_s"], found[f"{name}_max_s"] = round(times[len(times) // 2], 3), round(times[-1], 3)
    return found


def keys(application: Application, home: Home, profile: Path, count: int) -> Iterator[dict[str, float | str]]:
    """How long each kind of key takes until it is painted."""
    bridge = EngineBridge()
    with (
        connected(Choice(profile), home) as connection,
        EngineHost(connection, home, report=bridge.post, spawn=spawn_worker) as running,
    ):
        window = MainWindow(running.commands, profile=connection.profile, messages=application.messages())
        bridge.reported.connect(window.on_reported)
        running.start()
        window.show()
        page, lists = window.page, window.page.lists
        wait(application, lambda: lists.live.rowCount() > 0 and window._state.status is not None)
        hand = Hand(application, window)
        gc.freeze()  # as the program does
        view = lists.views[Tab.LIVE]
        yield hand.measure("down in drafts", view, [Qt.Key.Key_Down] * count)
        view.select((f"draft-{7}",))
        hand.rest()
        page.form.company.setFocus()
        yield hand.measure("typing for 1 draft", page.form.company, _letters(count))
        lists.views[Tab.LIVE].selectAll()
        hand.rest()
        page.form.company.setFocus()
        yield hand.measure("typing for all drafts", page.form.company, _letters(count))
        # The engine says of each draft that it is saved.
        hand.rest(2.0)
        lists.search.setFocus()
        yield hand.measure("typing a search", lists.search, _letters(count))
        lists.search.clear()
        hand.rest()
        lists.tabs.choose(Tab.SENT)
        hand.rest()
        view = lists.views[Tab.SENT]
        view.setFocus()
        yield hand.measure("down in sent", view, [Qt.Key.Key_Down] * count)
        yield hand.measure("page down in sent", view, [Qt.Key.Key_PageDown] * count)
        ctrl = Qt.KeyboardModifier.ControlModifier
        yield hand.measure("ctrl+a in sent", view, [Qt.Key.Key_A] * count, ctrl)
        lists.tabs.choose(Tab.LIVE)
        hand.rest()
        yield hand.measure("ctrl+a in drafts", lists.views[Tab.LIVE], [Qt.Key.Key_A] * count, ctrl)
        yield hand.measure("tab to and fro", window, [Qt.Key.Key_3, Qt.Key.Key_1] * (count // 2), ctrl)
        close(application, window)


def _letters(count: int) -> list[Qt.Key]:
    word = [Qt.Key(Qt.Key.Key_A + number) for number in (6, 11, 14, 1, 4, 23)]
    return [*word, *([Qt.Key.Key_Backspace] * len(word))] * (count // (2 * len(word)) + 1)


class Hand:
    """Presses keys, one after the other, with a rest in which the window does what it put off."""

    def __init__(self, application: Application, window: MainWindow) -> None:
        self._application = application
        self._window = window

    def rest(self, seconds: float = 0.6) -> None:
        """Let the window do everything that it does later."""
        end = time.monotonic() + seconds
        wait(self._application, lambda: time.monotonic() >= end)

    def measure(
        self,
        name: str,
        widget: QWidget,
        pressed: list[Qt.Key],
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> dict[str, float | str]:
        """Milliseconds from a key to its paint, on the clock and in the window's own thread."""
        on_clock, computed = [], []
        for key in pressed:
            started, used = time.perf_counter(), time.thread_time()
            QTest.keyClick(widget, key, modifiers)
            self._application.processEvents()
            on_clock.append(time.perf_counter() - started)
            computed.append(time.thread_time() - used)
            # As quick as a hand is.
            self.rest(0.05)
        self.rest()
        return {"key": name, "presses": len(pressed), **spread("paint", on_clock), **spread("busy", computed)}


def main() -> None:
    """Measure and print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sent", type=int, default=100_000)
    parser.add_argument("--drafts", type=int, default=2_000)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--keys", type=int, default=200, help="of each kind")
    parser.add_argument("--platform", default="offscreen", help="Qt's platform plugin")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    with tempfile.TemporaryDirectory() as name:
        home, profile = fill(Path(name), options.sent, options.drafts)
        print(json.dumps({"sent": options.sent, "drafts": options.drafts}))
        print(json.dumps(starts(home, profile, options.starts, options.platform)))
        for line in keys(Application(), home, profile, options.keys):
            print(json.dumps(line))


if __name__ == "__main__":
    main()
