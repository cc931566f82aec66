"""Labels show their text as it is, and break it only where a reader would."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from callup_desktop.files.identity import FileIdentity
from callup_desktop.ui.widgets.label import Label
from tests.ui import samples
from tests.ui.conftest import Rig
from tests.ui.fake_engine import NOW

ROOM = 1_000
"""Pixels that are wider than the texts."""


def label_of(qtbot: QtBot, text: str) -> Label:
    label = Label(text)
    qtbot.addWidget(label)
    return label


def test_a_line_feed_ends_a_line(qtbot: QtBot) -> None:
    one, three = (
        label_of(qtbot, "a.wav: Send it again?"),
        label_of(qtbot, "a.wav: Send it again?\nb.wav: Why?\nc.wav: Who?"),
    )

    assert three.heightForWidth(ROOM) == 3 * one.heightForWidth(ROOM)
    assert three.sizeHint().width() == one.sizeHint().width()
    assert three.sizeHint().height() == 3 * one.sizeHint().height()


def test_a_blank_line_keeps_its_height(qtbot: QtBot) -> None:
    one, spaced = label_of(qtbot, "first"), label_of(qtbot, "first\n\nlast")

    assert spaced.heightForWidth(ROOM) == 3 * one.heightForWidth(ROOM)


def test_lines_are_painted_one_below_the_other(qtbot: QtBot) -> None:
    one, two = label_of(qtbot, "first"), label_of(qtbot, "first\nlast")
    for label in (one, two):
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        label.resize(ROOM, two.heightForWidth(ROOM))
    height = one.heightForWidth(ROOM)

    upper = two.grab().toImage().copy(0, 0, ROOM, height)

    assert upper == one.grab().toImage().copy(0, 0, ROOM, height)
    assert two.grab().toImage() != one.grab().toImage()


def test_the_day_of_a_draft_and_its_time_stay_on_one_line(rig: Rig) -> None:
    written = FileIdentity(1, int(NOW.timestamp()) * 10**9, 1, 1)
    rig.engine.jobs = {"a": replace(samples.draft("a", "one.wav", 1, 1), identity=written)}
    rig.start().lists.view.select(("a",))
    rig.settle()

    texts = [label.text() for label in rig.page.form.findChildren(Label)]
    subject = next(text for text in texts if text.startswith("one.wav"))

    *_, recorded = subject.split(" · ")
    assert recorded[-3] == ":", subject
    assert " " not in recorded
