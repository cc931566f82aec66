"""The window for everybody: names, tab order, contrast, text of double size."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTranslator
from PySide6.QtGui import QAccessible, QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.presentation.rows import Tab, Tone
from callup_desktop.ui.application import Application
from callup_desktop.ui.report_dialog import ReportDialog
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.button import Button
from callup_desktop.ui.widgets.check_box import CheckBox
from callup_desktop.ui.widgets.colours import DARK, LIGHT, Colours, mixed, palette_of
from callup_desktop.ui.widgets.framed_dialog import FramedDialog
from callup_desktop.ui.widgets.label import Label
from callup_desktop.ui.widgets.measures import scaled
from callup_desktop.ui.widgets.number_field import NumberField
from callup_desktop.ui.widgets.screen_fit import ScreenFit
from callup_desktop.ui.widgets.side_pane import SidePane
from callup_desktop.ui.widgets.text_field import TextField
from tests.ui import samples
from tests.ui.conftest import WITHIN, FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection
from tools import translations

_LEAST = 4.5
_LEAST_SHAPE = 3.0
_MOST_STOPS = 60


@pytest.fixture
def full(qtbot: QtBot, qapp: Application) -> Iterator[Rig]:
    environment = Environment(desktop=FakeDesktop(), connection=FakeConnection(), profile_file="acme.callup")
    rig = Rig(qtbot, qapp, environment)
    rig.engine.jobs = {job.id: job for job in (*samples.working(), *samples.offline()[-1:])}
    rig.engine.sent = samples.sent()
    rig.start()
    yield rig
    end(rig)


def states(rig: Rig) -> Iterator[str]:
    """Every page and pane of the window, one after the other."""
    page = rig.page
    for job_id in (samples.CALL_ID, "e", "c"):
        page.lists.view.select((job_id,))
        rig.settle()
        yield job_id
    page.lists.tabs.choose(Tab.SENT)
    rig.settle()
    page.lists.view.select((samples.CALL_ID,))
    rig.settle()
    yield "sent"
    rig.window.open_connection()
    connection = rig.window.connection
    assert connection is not None
    assert connection.check_panel is not None
    rig.qtbot.waitUntil(connection.check_panel.check_button.isEnabled, timeout=WITHIN)
    rig.settle()
    yield "connection"
    rig.window.dialogs.open_settings()
    settings = rig.dialog
    assert isinstance(settings, SettingsDialog)
    rig.settle()
    yield "settings"
    settings.reject()
    rig.window.dialogs.open_report()
    report = rig.dialog
    assert isinstance(report, ReportDialog)
    rig.settle()
    yield "report"
    report.reject()


def visible(rig: Rig) -> list[QWidget]:
    return [widget for widget in rig.window.findChildren(QWidget) if widget.isVisible()]


def spoken_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip() if interface else ""


def test_every_widget_that_takes_the_focus_has_a_name(full: Rig) -> None:
    for state in states(full):
        focusable = [widget for widget in visible(full) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
        nameless = [widget for widget in focusable if not spoken_name(widget) and not _inside_spin_box(widget)]
        assert focusable
        assert not nameless, state


def _inside_spin_box(widget: QWidget) -> bool:
    """Qt's own editor within a spin box, which is named."""
    parent = widget.parentWidget()
    return isinstance(parent, QAbstractSpinBox) and bool(spoken_name(parent))


def test_the_drop_zone_and_each_row_read_as_one_sentence(full: Rig) -> None:
    assert spoken_name(full.page.drop_zone) == "Drop call recordings here, or choose files"
    index = full.lists.live.index(0, 0)
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Acme quarterly review.wav. Acme Corp")


def test_the_tab_key_goes_through_the_page_from_top_to_bottom_and_reaches_every_control(full: Rig) -> None:
    full.lists.view.select(("e",))
    full.settle()
    full.page.drop_zone.chooser.setFocus()
    visited = _visit_by_tab(full)
    expected: list[QWidget] = [
        full.page.drop_zone.chooser,
        full.lists.tabs.buttons[Tab.LIVE],
        full.lists.search,
        full.lists.view,
        full.page.form.company,
        full.page.form.email,
        full.page.form.send_button,
        full.window.status_bar.pause_all,
        full.window.status_bar.menu_button,
    ]

    places = [visited.index(widget) for widget in expected]

    assert places == sorted(places)


def _visit_by_tab(rig: Rig) -> list[QWidget]:
    first = QApplication.focusWidget()
    visited: list[QWidget] = []
    while len(visited) < _MOST_STOPS:
        now = QApplication.focusWidget()
        assert now is not None
        if visited and now is first:
            break
        visited.append(now)
        rig.key(now, Qt.Key.Key_Tab)
    return visited


def test_focus_is_seen_on_whatever_the_keyboard_reaches(full: Rig) -> None:
    full.lists.view.select(("e",))
    full.settle()
    full.page.drop_zone.chooser.setFocus()
    for widget, following in pairwise(_visit_by_tab(full)):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        full.settle()
        focused = widget.grab().toImage()
        following.setFocus(Qt.FocusReason.TabFocusReason)
        full.settle()
        assert widget.grab().toImage() != focused, spoken_name(widget)


# --- contrast ---------------------------------------------------------------------------------------------------------


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_words_stand_out_from_every_ground_they_are_painted_on(look: Colours) -> None:
    grounds = (look.surface, look.window, look.chrome, look.field, look.hovered, look.selected)
    pairs = [(words, ground) for words in (look.text, look.muted) for ground in grounds]
    pairs += [(look.on_accent, mixed(look.text, look.accent, share)) for share in (0.0, 0.06, 0.14)]
    pairs += [(look.text, mixed(look.text, look.surface, share)) for share in (0.06, 0.14)]
    pairs += [(look.words(Tone.ACCENT), mixed(look.text, look.surface, share)) for share in (0.06, 0.09)]
    pairs += [(look.text, mixed(look.text, look.window, 0.05)), (look.muted, mixed(look.text, look.window, 0.05))]
    pairs += [(look.words(Tone.ACCENT), look.surface), (look.bad, look.field)]
    for tone in Tone:
        pairs += [(look.words(tone), look.tint(tone)), (look.words(tone), look.surface)]
        pairs += [(look.words(tone), ground) for ground in (look.chrome, look.window)]
    weak = [(words.name(), ground.name()) for words, ground in pairs if contrast(words, ground) < _LEAST]

    assert not weak


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_shapes_that_mean_something_stand_out_too(look: Colours) -> None:
    assert contrast(look.accent, look.surface) >= _LEAST_SHAPE
    assert contrast(look.accent, look.trough) >= _LEAST_SHAPE
    assert contrast(look.edge, look.surface) >= _LEAST_SHAPE
    for shape in (look.accent, look.bad):
        assert contrast(shape, look.field) >= _LEAST_SHAPE
    for ground in (look.selected, look.window):
        assert contrast(look.accent, ground) >= _LEAST_SHAPE, "the ring of focus"
    for tone in (Tone.OK, Tone.WARNING, Tone.BAD, Tone.PLAIN):
        assert contrast(look.tone(tone), look.chrome) >= _LEAST_SHAPE, "the dot of the status line"


@pytest.fixture
def in_colours(qapp: Application) -> Iterator[Callable[[Colours], None]]:
    """Puts the program into other colours for one test."""
    before = qapp.palette()
    yield lambda look: qapp.setPalette(palette_of(look))
    qapp.setPalette(before)


def outline_of(box: QWidget, look: Colours, within: QRect) -> float:
    """The best contrast that a control's edge has to the window around it."""
    ground = QWidget()
    ground.resize(box.sizeHint())
    box.setParent(ground)
    box.resize(box.sizeHint())
    picture = ground.grab(within).toImage()
    middle = picture.height() // 2
    return max(contrast(picture.pixelColor(x, middle), look.window) for x in range(picture.width()))


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_a_box_that_is_not_ticked_is_seen_on_the_window(in_colours: Callable[[Colours], None], look: Colours) -> None:
    in_colours(look)
    box = CheckBox("Keep the computer awake while sending")

    assert outline_of(box, look, QRect(0, 0, box.sizeHint().height(), box.sizeHint().height())) >= _LEAST_SHAPE


@pytest.mark.parametrize("kind", [NumberField, TextField])
def test_a_field_has_a_frame_in_the_dark(in_colours: Callable[[Colours], None], kind: type[QWidget]) -> None:
    in_colours(DARK)
    field = kind()

    assert outline_of(field, DARK, QRect(0, 0, 3, field.sizeHint().height())) >= contrast(DARK.frame, DARK.window) * 0.9


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_palette_roles_keep_their_contrast(look: Colours) -> None:
    palette, role = palette_of(look), QPalette.ColorRole
    for words, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.ButtonText, role.Button),
        (role.PlaceholderText, role.Base),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.Link, role.Base),
    ):
        assert contrast(palette.color(words), palette.color(ground)) >= _LEAST, words


@pytest.mark.usefixtures("german")
def test_the_buttons_of_a_german_pane_stand_on_one_line(full: Rig) -> None:
    for fit in full.window.findChildren(ScreenFit):
        # The screen is smaller than this window, which it would soon be made to fit.
        fit.deleteLater()
    full.window.resize(1120, 686)
    full.page.lists.view.select((samples.CALL_ID,))
    full.settle()

    shown = [button for button in full.page.detail_pane.buttons.values() if button.isVisible()]
    below = [button for button in shown if button.parentWidget() is shown[-1].parentWidget()]

    assert len(below) > 2
    assert len({button.y() for button in below}) == 1


@pytest.fixture
def in_letters(qtbot: QtBot, qapp: Application) -> Iterator[Callable[[float, int], Rig]]:
    """A full window in letters of this size and width: a factor, and a stretch in percent."""
    before, rigs = QFont(qapp.font()), list[Rig]()

    def make(size: float, stretch: int) -> Rig:
        font = scaled(before, size)
        font.setStretch(stretch)
        qapp.setFont(font)
        rig = Rig(qtbot, qapp, Environment(desktop=FakeDesktop()))
        rigs.append(rig)
        rig.engine.jobs = {job.id: job for job in samples.working()}
        return rig.start()

    yield make
    for rig in rigs:
        end(rig)
    qapp.setFont(before)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("stretch", [85, 100, 110])
def test_how_wide_letters_are_breaks_no_line_of_german_buttons(
    in_letters: Callable[[float, int], Rig], stretch: int
) -> None:
    rig = in_letters(1.0, stretch)
    rig.window.resize(790, 500)
    for job_id in (samples.CALL_ID, "e"):
        rig.lists.view.select((job_id,))
        rig.settle()
        pane = rig.page._side.currentWidget()
        assert isinstance(pane, SidePane)
        shown = [button for button in pane._footer_frame.findChildren(Button) if button.isVisible()]
        assert len(shown) > 1
        assert len({button.geometry().center().y() for button in shown}) == 1


@pytest.mark.parametrize("size", [1.0, 1.1])
@pytest.mark.parametrize("language", ["english", "german"])
def test_a_low_window_shows_its_rows_beside_the_form(
    request: pytest.FixtureRequest, in_letters: Callable[[float, int], Rig], language: str, size: float
) -> None:
    if language == "german":
        request.getfixturevalue("german")
    rig = in_letters(size, 100)
    rig.window.resize(790, 500)
    rig.lists.view.select(("e",))
    rig.settle()
    form = rig.page.form

    def all_is_seen() -> None:
        assert len(list(rig.lists.view.rows_in_view())) >= 4
        title = rig.page.drop_zone._strip_title
        assert title.width() >= QFontMetrics(title.font()).horizontalAdvance(title.text())
        for widget in (form.company, form.email, form.send_button):
            assert widget.visibleRegion().boundingRect() == widget.rect(), widget

    rig.qtbot.waitUntil(all_is_seen, timeout=WITHIN)


# --- text of double size ----------------------------------------------------------------------------------------------


@pytest.fixture(params=["en", "de"])
def large(qtbot: QtBot, qapp: Application, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A window whose text is twice as large, in each language."""
    before, translator = QFont(qapp.font()), QTranslator()
    assert translator.load(str(translations.FOLDER / f"callup_{request.param}.qm"))
    qapp.installTranslator(translator)
    qapp.setFont(scaled(before, 2.0))
    environment = Environment(desktop=FakeDesktop(), connection=FakeConnection(), profile_file="acme.callup")
    rig = Rig(qtbot, qapp, environment)
    rig.engine.jobs = {job.id: job for job in (*samples.working(), *samples.offline()[-1:])}
    rig.engine.sent = samples.sent()
    yield rig
    end(rig)
    qapp.setFont(before)
    qapp.removeTranslator(translator)


def test_text_of_double_size_is_never_cut(large: Rig) -> None:
    large.start()
    large.window.resize(1120, 900)
    for state in states(large):

        def nothing_is_cut(state: str = state) -> None:
            cut = [f"{type(widget).__name__} {_text(widget)!r}" for widget in visible(large) if _is_cut(widget)]
            assert not cut, state

        # A line that wraps again moves what is below it, so the layout takes several rounds.
        large.qtbot.waitUntil(nothing_is_cut, timeout=WITHIN)


@pytest.mark.parametrize("size", [QSize(800, 500), QSize(1120, 720), QSize(1120, 900)])
def test_nothing_scrolls_whose_texts_have_room_at_their_width(full: Rig, size: QSize) -> None:
    full.window.resize(size)
    for state in states(full):

        def scrolls_only_what_has_to(state: str = state) -> None:
            for area in full.window.findChildren(QScrollArea):
                room, content = area.viewport().size(), area.widget()
                if area.isVisible() and content is not None and content.heightForWidth(room.width()) <= room.height():
                    assert area.verticalScrollBar().maximum() == 0, (state, size, room)

        full.qtbot.waitUntil(scrolls_only_what_has_to, timeout=WITHIN)


@pytest.mark.parametrize("name", ["open_settings", "open_about"])
def test_no_dialog_scrolls_that_the_screen_has_room_for(full: Rig, name: str) -> None:
    getattr(full.window.dialogs, name)()
    dialog = full.dialog
    assert isinstance(dialog, FramedDialog)
    area = dialog.findChild(QScrollArea)
    assert area is not None

    full.qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0, timeout=WITHIN)


def test_keys_can_be_saved_beside_text_of_double_size(large: Rig) -> None:
    large.start()
    large.window.resize(1366, 728)
    large.window.open_connection()
    page = large.window.connection
    assert page is not None
    assert page.check_panel is not None
    for button in (page.check_panel.save_button, page.check_panel.check_button, page.import_button):

        def is_seen(button: QWidget = button) -> bool:
            return button.visibleRegion().boundingRect() == button.rect()

        large.qtbot.waitUntil(is_seen, timeout=WITHIN)


def test_no_dialog_is_higher_than_the_screen_and_each_can_be_closed(large: Rig) -> None:
    large.start()
    dialogs = large.window.dialogs
    for opened in (dialogs.open_settings, dialogs.open_report, dialogs.open_about):
        opened()
        dialog = large.dialog
        assert isinstance(dialog, FramedDialog)
        last = dialog.findChildren(Button)[-1]
        room = dialog.screen().availableGeometry().size()

        def fits(dialog: QWidget = dialog, last: QWidget = last, room: QSize = room) -> bool:
            return dialog.height() < room.height() and last.visibleRegion().boundingRect() == last.rect()

        large.qtbot.waitUntil(fits, timeout=WITHIN)
        large.click(last)


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QPushButton) else ""


def _is_cut(widget: QWidget) -> bool:
    if not _text(widget):
        return False
    if isinstance(widget, Label) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width())
    if isinstance(widget, QPushButton | Label):
        words = QFontMetrics(widget.font())
        narrow = widget.width() < words.horizontalAdvance(_text(widget).replace("&", ""))
        return narrow or widget.height() < words.height() or _hangs_over(widget)
    return False


def _hangs_over(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    right = widget.mapTo(widget.window(), QPoint(widget.width(), 0)).x()
    return parent is not None and right > widget.window().width()
