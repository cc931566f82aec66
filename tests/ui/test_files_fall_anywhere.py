"""Files are taken wherever they fall or are pasted; a text goes where the rep puts it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from callup_desktop.ui.application import Application
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.text_field import TextField
from tests.ui.conftest import FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection

Make = Callable[..., tuple[Path, ...]]
FIELDS: dict[str, Callable[[Rig], TextField]] = {
    "company": lambda rig: rig.page.form.company,
    "email": lambda rig: rig.page.form.email,
    "search": lambda rig: rig.lists.search,
}


@pytest.fixture
def draft(rig: Rig, recordings: Make) -> Rig:
    rig.start().drop(*recordings("first.wav"))
    rig.wait_jobs(1)
    return rig


@pytest.fixture
def copied(recordings: Make) -> Iterator[Path]:
    """A file on the clipboard, as a file browser copies it: as a link and as a text."""
    (path,) = recordings("copied.mp3")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setText(str(path))
    QGuiApplication.clipboard().setMimeData(data)
    yield path
    # Qt ends what lies on the clipboard after Python has ended, which an object made in Python does not survive.
    QGuiApplication.clipboard().clear()


def names(rig: Rig) -> list[str]:
    return [job.path.name for job in rig.engine.jobs.values()]


@pytest.mark.parametrize("field_of", FIELDS.values(), ids=FIELDS)
def test_a_file_that_falls_on_a_text_field_is_added_and_leaves_the_text_alone(
    draft: Rig, recordings: Make, field_of: Callable[[Rig], TextField]
) -> None:
    field = field_of(draft)

    draft.drop(*recordings("second.mp3"), on=field)
    draft.wait_jobs(2)

    assert field.text() == ""
    assert names(draft) == ["first.wav", "second.mp3"]
    assert not draft.page.drop_zone.is_highlighted


@pytest.mark.parametrize("field_of", FIELDS.values(), ids=FIELDS)
def test_a_full_path_that_falls_on_a_text_field_is_a_file_too(
    draft: Rig, recordings: Make, field_of: Callable[[Rig], TextField]
) -> None:
    field = field_of(draft)

    draft.drop(text=f'"{recordings("second.mp3")[0]}"', on=field)
    draft.wait_jobs(2)

    assert field.text() == ""


def test_a_text_that_falls_on_a_field_stays_there(draft: Rig) -> None:
    draft.drop(text="Hooli", on=draft.page.form.company)

    assert draft.page.form.company.text() == "Hooli"
    assert names(draft) == ["first.wav"]


def test_an_attachment_that_is_no_file_yet_is_answered_and_its_words_are_not_put_into_the_field(draft: Rig) -> None:
    data = QMimeData()
    data.setText("From\tSubject\nJohn\tThe call of today")
    data.setData('application/x-qt-windows-mime;value="FileGroupDescriptorW"', b"\x01\0\0\0")

    draft.drop_data(data, draft.page.form.company)

    assert draft.page.form.company.text() == ""
    assert draft.notice.alert is not None
    assert draft.notice.alert.lead.startswith("Save this attachment to your computer first")


@pytest.mark.parametrize("field_of", FIELDS.values(), ids=FIELDS)
def test_copied_files_that_are_pasted_into_a_text_field_are_added(
    draft: Rig, copied: Path, field_of: Callable[[Rig], TextField]
) -> None:
    field = field_of(draft)
    field.setFocus()

    draft.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    draft.wait_jobs(2)

    assert field.text() == ""
    assert names(draft) == ["first.wav", copied.name]


def test_copied_files_that_are_pasted_by_the_field_s_menu_are_added(draft: Rig, copied: Path) -> None:
    field = draft.page.form.company
    place = field.rect().center()

    QApplication.sendEvent(
        field, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, field.mapToGlobal(QPoint(place)))
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    paste = menu.findChild(QAction, "edit-paste")
    assert paste is not None
    draft.click(menu, menu.actionGeometry(paste).center())
    draft.wait_jobs(2)

    assert field.text() == ""
    assert names(draft) == ["first.wav", copied.name]


def test_a_copied_text_is_pasted_where_the_cursor_is(draft: Rig) -> None:
    QGuiApplication.clipboard().setText("Hooli")
    draft.page.form.company.setFocus()

    draft.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert draft.page.form.company.text() == "Hooli"
    assert names(draft) == ["first.wav"]
    QGuiApplication.clipboard().clear()


def test_a_recording_that_falls_on_a_field_of_the_connection_page_is_added(
    qtbot: QtBot, qapp: Application, recordings: Make
) -> None:
    environment = Environment(desktop=FakeDesktop(), connection=FakeConnection(), profile_file="acme.callup")
    rig = Rig(qtbot, qapp, environment).start()
    rig.window.open_connection()
    page = rig.window.connection
    assert page is not None
    assert page.fields is not None
    field = next(iter(page.fields.secrets.values()))

    rig.drop(*recordings("first.wav"), on=field)
    rig.wait_jobs(1)

    assert field.text() == ""
    end(rig)
