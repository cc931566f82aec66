"""What begins a line stands as far left as the text above it, whichever widget it is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QMessageBox, QWidget

from callup_desktop.ui.widgets.button import Button, quiet_side
from callup_desktop.ui.widgets.flow_layout import FlowLayout
from callup_desktop.ui.widgets.label import Label
from tests.ui.conftest import Rig

Make = Callable[..., tuple[Path, ...]]


def left(widget: QWidget, window: QWidget) -> int:
    """Where the text of a label or a quiet button begins, in pixels of its window."""
    edge = widget.mapTo(window, widget.rect().topLeft()).x()
    return edge + quiet_side(widget) if isinstance(widget, Button) else edge


def whole(button: Button) -> bool:
    """Whether all of the button can be seen, its frame too."""
    return button.visibleRegion().boundingRect() == button.rect()


def test_offers_and_the_player_of_a_draft_are_in_line_with_its_fields(rig: Rig, recordings: Make) -> None:
    rig.window.resize(800, 500)
    rig.start().drop(*recordings("Hooli.wav", "Initech.wav"))
    rig.wait_jobs(2)
    form = rig.page.form
    column = left(form.company, rig.window)

    button, reason = form.offers.each.button, form.offers.each.findChild(Label)
    assert reason is not None
    line_above = reason.mapTo(rig.window, reason.rect().bottomLeft()).y()
    assert button.mapTo(rig.window, button.rect().topLeft()).y() >= line_above, "the button begins a line of its own"
    assert left(reason, rig.window) == left(button, rig.window) == column
    assert whole(button)

    rig.lists.view.select((next(iter(rig.engine.jobs)),))
    rig.settle()
    assert form.listen.isVisible()
    assert left(form.listen.button, rig.window) == column
    assert whole(form.listen.button)


def test_a_question_has_the_buttons_of_the_window(rig: Rig, recordings: Make) -> None:
    rig.start().drop(*recordings("Hooli.wav"))
    rig.wait_jobs(1)
    rig.click(rig.page.form.remove_button)

    box = rig.dialog
    assert isinstance(box, QMessageBox)
    assert [type(button) for button in box.buttons()] == [Button, Button]
    assert box.defaultButton().text() == "Keep"
    box.reject()


def test_a_quiet_button_that_begins_a_line_of_buttons_is_in_line_with_the_frames_above_it(rig: Rig) -> None:
    ground = QWidget(rig.window)
    buttons = FlowLayout(ground, spacing=4)
    buttons.setContentsMargins(20, 0, 0, 0)
    framed, quiet = Button("Import a file", ground), Button("Remove the keys", ground, quiet=True)
    buttons.addWidget(framed)
    buttons.addWidget(quiet)

    wide = framed.sizeHint().width() + quiet.sizeHint().width() + 24
    buttons.setGeometry(QRect(0, 0, wide, 40))
    assert quiet.x() == framed.x() + framed.width() + 4, "beside another button it does not hang"

    buttons.setGeometry(QRect(0, 0, wide - 1, 80))
    assert quiet.y() > framed.y()
    assert left(quiet, ground) == framed.x() == 20
