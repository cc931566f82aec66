"""The first painting with calls is laid out as every later one, and what a key shows first was drawn before."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from callup_desktop.presentation.rows import Action
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.screen_fit import ScreenFit
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig


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


class Drawn(QObject):
    """Which of these widgets were drawn, and whether the rep could see one of them then."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self.widgets: set[QObject] = set()
        self.was_seen = False
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self.widgets.add(watched)
            self.was_seen = self.was_seen or watched.isVisible()
        return super().eventFilter(watched, event)


def test_form_and_receipt_are_drawn_before_the_first_key_opens_a_call_and_nobody_sees_it(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    form, pane = rig.page.form, rig.page.detail_pane
    copy, send = pane.buttons[Action.COPY_ID], form.send_button
    drawn = Drawn(form.company, send)
    drawn_pane = Drawn(copy)

    rig.start()
    before = pane.grab().toImage()
    rig.qtbot.waitUntil(lambda: drawn.widgets == {form.company, send} and drawn_pane.widgets == {copy}, timeout=WITHIN)

    assert not drawn.was_seen
    assert not copy.isVisible()
    assert pane.grab().toImage() == before


def test_what_the_rep_has_opened_by_then_is_left_alone(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.start()
    job_id = next(iter(rig.engine.jobs))
    rig.lists.view.select((job_id,))
    rig.settle()
    pane = rig.page.detail_pane
    shown = [label.text() for label in pane.findChildren(Label) if label.isVisible()]
    assert shown

    pane.draw_ahead(pane.size())

    assert [label.text() for label in pane.findChildren(Label) if label.isVisible()] == shown
