"""How quick the window is after a long time in use: 100,000 sent calls and 2,000 drafts in the list.

    python -m benchmarks.long_list [--sent N] [--drafts N] [--starts N] [--keys N] [--only KEY] [--platform offscreen]

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
from collections.abc import Callable, Iterator, Sequence
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
from callup_desktop.ui.call_list.view import CallsView
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.threads import spawn_worker

_MIB = 1024 * 1024
_ALONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
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


def keys(
    application: Application, home: Home, profile: Path, count: int, names: Sequence[str] = ()
) -> Iterator[dict[str, float | str]]:
    """How long each kind of key takes until it is painted; of those with these `names`, else of all."""
    bridge = EngineBridge()
    with (
        connected(Choice(profile), home) as connection,
        EngineHost(connection, home, report=bridge.post, spawn=spawn_worker) as running,
    ):
        window = MainWindow(running.commands, profile=connection.profile, messages=application.messages())
        bridge.reported.connect(window.on_reported)
        running.start()
        window.show()
        lists = window.page.lists
        wait(application, lambda: lists.live.rowCount() > 0 and window._state.status is not None)
        hand = Hand(application, window)
        gc.freeze()  # as the program does
        for name in names or KINDS:
            widget, pressed, modifiers = KINDS[name](hand, count)
            yield hand.measure(name, widget, pressed, modifiers)
            # The engine says of each draft that it is saved.
            hand.rest(2.0)
        close(application, window)


def _letters(count: int) -> list[Qt.Key]:
    word = [Qt.Key(Qt.Key.Key_A + number) for number in (6, 11, 14, 1, 4, 23)]
    return [*word, *([Qt.Key.Key_Backspace] * len(word))] * (count // (2 * len(word)) + 1)


class Hand:
    """Presses keys, one after the other, with a rest in which the window does what it put off."""

    def __init__(self, application: Application, window: MainWindow) -> None:
        self._application = application
        self.window = window

    def list_of(self, tab: Tab) -> CallsView:
        """The list of this tab, in view and with the focus; no search limits it."""
        lists = self.window.page.lists
        lists.search.clear()
        lists.tabs.choose(tab)
        self.rest()
        lists.view.setFocus()
        return lists.view

    def company(self) -> QWidget:
        """The field for the company of the selected drafts, with the focus."""
        self.rest()
        field = self.window.page.form.company
        field.setFocus()
        return field

    def rest(self, seconds: float = 0.6) -> None:
        """Let the window do everything that it does later."""
        end = time.monotonic() + seconds
        wait(self._application, lambda: time.monotonic() >= end)

    def measure(
        self,
        name: str,
        widget: QWidget,
        pressed: list[Qt.Key],
        modifiers: Qt.KeyboardModifier,
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


Presses = tuple[QWidget, list[Qt.Key], Qt.KeyboardModifier]
"""Where keys are pressed, which, and with which modifiers."""


def _down_in_drafts(hand: Hand, count: int) -> Presses:
    return hand.list_of(Tab.LIVE), [Qt.Key.Key_Down] * count, _ALONE


def _typing_for_one(hand: Hand, count: int) -> Presses:
    hand.list_of(Tab.LIVE).select(("draft-7",))
    return hand.company(), _letters(count), _ALONE


def _typing_for_all(hand: Hand, count: int) -> Presses:
    hand.list_of(Tab.LIVE).selectAll()
    return hand.company(), _letters(count), _ALONE


def _typing_a_search(hand: Hand, count: int) -> Presses:
    hand.list_of(Tab.LIVE)
    search = hand.window.page.lists.search
    search.setFocus()
    return search, _letters(count), _ALONE


def _down_in_sent(hand: Hand, count: int) -> Presses:
    return hand.list_of(Tab.SENT), [Qt.Key.Key_Down] * count, _ALONE


def _page_down_in_sent(hand: Hand, count: int) -> Presses:
    return hand.list_of(Tab.SENT), [Qt.Key.Key_PageDown] * count, _ALONE


def _all_in_sent(hand: Hand, count: int) -> Presses:
    return hand.list_of(Tab.SENT), [Qt.Key.Key_A] * count, _CTRL


def _all_in_drafts(hand: Hand, count: int) -> Presses:
    return hand.list_of(Tab.LIVE), [Qt.Key.Key_A] * count, _CTRL


def _tab_to_and_fro(hand: Hand, count: int) -> Presses:
    hand.list_of(Tab.LIVE).selectAll()
    hand.rest()
    return hand.window, [Qt.Key.Key_3, Qt.Key.Key_1] * (count // 2), _CTRL


KINDS: dict[str, Callable[[Hand, int], Presses]] = {
    "down in drafts": _down_in_drafts,
    "typing for 1 draft": _typing_for_one,
    "typing for all drafts": _typing_for_all,
    "typing a search": _typing_a_search,
    "down in sent": _down_in_sent,
    "page down in sent": _page_down_in_sent,
    "ctrl+a in sent": _all_in_sent,
    "ctrl+a in drafts": _all_in_drafts,
    "tab to and fro": _tab_to_and_fro,
}


def main() -> None:
    """Measure and print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sent", type=int, default=100_000)
    parser.add_argument("--drafts", type=int, default=2_000)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--keys", type=int, default=200, help="of each kind")
    parser.add_argument("--only", action="append", choices=KINDS, default=[], metavar="KEY", help=", ".join(KINDS))
    parser.add_argument("--platform", default="offscreen", help="Qt's platform plugin")
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = options.platform
    with tempfile.TemporaryDirectory() as name:
        home, profile = fill(Path(name), options.sent, options.drafts)
        print(json.dumps({"sent": options.sent, "drafts": options.drafts}))
        if options.starts:
            print(json.dumps(starts(home, profile, options.starts, options.platform)))
        for line in keys(Application(), home, profile, options.keys, options.only):
            print(json.dumps(line))


if __name__ == "__main__":
    main()
