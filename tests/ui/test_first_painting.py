"""The first painting with calls is laid out as every later one."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QSplitter

from callup_desktop.ui.widgets.screen_fit import ScreenFit
from tests.ui import samples
from tests.ui.conftest import Rig


class Paintings(QObject):
    """The sizes of a splitter's parts at each of its paintings."""

    def __init__(self, splitter: QSplitter) -> None:
        super().__init__(splitter)
        self.sizes: list[list[int]] = []
        splitter.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(watched, QSplitter):
            self.sizes.append(watched.sizes())
        return super().eventFilter(watched, event)


def test_the_window_has_its_size_from_the_first_painting_on_a_screen_that_is_smaller_than_it_wants(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    splitter = rig.page.findChild(QSplitter)
    assert splitter is not None
    seen = Paintings(splitter)

    rig.start()
    rig.qtbot.waitUntil(lambda: bool(seen.sizes))
    room = rig.window.screen().availableGeometry()
    assert rig.page.sizeHint().width() > room.width()
    (fit,) = rig.window.findChildren(ScreenFit)
    fit._on_look()
    QApplication.processEvents()
    splitter.repaint()

    assert len(seen.sizes) > 1
    assert seen.sizes == seen.sizes[:1] * len(seen.sizes)
    assert room.contains(rig.window.frameGeometry())
