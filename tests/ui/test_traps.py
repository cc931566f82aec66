"""Traps of the toolkit that were measured once and must not come back (docs/facts.md, "Qt and PySide6")."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal, Slot
from pytestqt.qtbot import QtBot

from callup_desktop.ui.threads import spawn_worker
from tests.ui.conftest import WITHIN

EMITS = 20_000


class Receiver(QObject):
    """Keeps what it receives, and on which threads."""

    sent = Signal(object)
    flagged = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.received: list[object] = []
        self.threads: set[object] = set()
        self.sent.connect(self.on_sent)
        self.flagged.connect(self.on_flagged)

    @Slot(object)
    def on_sent(self, value: object) -> None:
        self.received.append(value)
        self.threads.add(self.thread().currentThread())

    @Slot(bool)
    def on_flagged(self, _flag: bool) -> None:  # noqa: FBT001 - the signal's own signature
        pass


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="from here on True is immortal (PEP 683): its count frees nothing"
)
def test_emitting_drops_no_reference_to_true(qtbot: QtBot) -> None:  # noqa: ARG001 - an application must be there
    receiver = Receiver()
    before = sys.getrefcount(True)  # noqa: FBT003 - the object itself is what is counted
    for _ in range(EMITS):
        receiver.flagged.emit(True)  # noqa: FBT003 - a signal takes no keywords
    assert sys.getrefcount(True) > before - EMITS // 2  # noqa: FBT003 - as above


def test_what_a_worker_sends_arrives_whole_on_the_main_thread(qtbot: QtBot) -> None:
    receiver = Receiver()
    large = 2**40
    worker = spawn_worker("sender", lambda: receiver.sent.emit(large))
    qtbot.waitUntil(lambda: bool(receiver.received), timeout=WITHIN)
    worker.join(5)
    assert receiver.received == [large]
    assert receiver.threads == {receiver.thread()}
