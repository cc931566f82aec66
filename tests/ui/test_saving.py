"""What the rep takes along: the table of sent calls, the report, the licences."""

import csv
import os
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFileDialog

from callup_desktop import __version__
from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.job import Job
from callup_desktop.presentation.sent_export import COLUMNS, plain, table_of
from callup_desktop.ui import about_dialog
from callup_desktop.ui.about_dialog import AboutDialog
from callup_desktop.ui.main_menu import MenuEntry
from callup_desktop.ui.report_dialog import ReportDialog
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig
from tools import licences


def choose_place(rig: Rig, path: Path) -> None:
    dialog = rig.dialog
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.done(0)
    rig.settle()


def notice(rig: Rig) -> str:
    return rig.notice.alert.lead if rig.notice.alert else ""


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_all_sent_calls_are_exported_page_after_page_each_once(rig: Rig, tmp_path: Path) -> None:
    rig.engine.sent = samples.sent()
    rig.start()
    rig.window.sent_export._page = 50
    rig.window.menu.entry_chosen.emit(MenuEntry.EXPORT)
    choose_place(rig, tmp_path / "calls.csv")
    rig.qtbot.waitUntil(lambda: notice(rig) == "Saved: calls.csv", timeout=WITHIN)

    head, *rows = rows_of(tmp_path / "calls.csv")
    assert tuple(head) == COLUMNS
    assert [row[0] for row in rows] == [job.id for job in samples.sent()]
    assert rows[0][2:6] == ["Acme Corp", "john@acme.com", "sales", "Acme quarterly review.wav"]


def test_what_the_search_finds_is_exported(rig: Rig, tmp_path: Path) -> None:
    rig.engine.sent = samples.sent()[:3]
    rig.start().lists.search.setText("globex")
    rig.qtbot.waitUntil(lambda: rig.lists.sent.search == "globex", timeout=WITHIN)
    rig.window.menu.entry_chosen.emit(MenuEntry.EXPORT)
    choose_place(rig, tmp_path / "calls.csv")
    rig.qtbot.waitUntil(lambda: (tmp_path / "calls.csv").exists(), timeout=WITHIN)

    assert [row[0] for row in rows_of(tmp_path / "calls.csv")[1:]] == ["b"]


def test_a_call_that_is_sent_while_the_pages_are_read_moves_nothing_twice_into_the_table(
    rig: Rig, tmp_path: Path
) -> None:
    rig.engine.sent = samples.sent()[:6]
    rig.start()
    export, asked = rig.window.sent_export, rig.engine.page_sent

    def page_sent(offset: int, limit: int, search: str = "", order: SentOrder = SentOrder.NEWEST) -> None:
        if offset == 2:
            rig.engine.sent.insert(0, replace(samples.sent()[0], id="new"))
        asked(offset, limit, search, order)

    export._page = 2
    rig.engine.page_sent = page_sent  # type: ignore[method-assign]  # the world goes on between two pages
    rig.window.menu.entry_chosen.emit(MenuEntry.EXPORT)
    choose_place(rig, tmp_path / "calls.csv")
    rig.qtbot.waitUntil(lambda: (tmp_path / "calls.csv").exists(), timeout=WITHIN)

    ids = [row[0] for row in rows_of(tmp_path / "calls.csv")[1:]]
    assert len(ids) == len(set(ids))
    assert {job.id for job in samples.sent()[:6]} <= set(ids)


def test_without_sent_calls_it_says_so(rig: Rig) -> None:
    rig.start().window.menu.entry_chosen.emit(MenuEntry.EXPORT)

    assert rig.dialog is None
    assert notice(rig) == "No calls were sent yet."


def test_a_place_that_cannot_be_written_is_told(rig: Rig, tmp_path: Path) -> None:
    rig.engine.sent = samples.sent()[:1]
    rig.start().window.menu.entry_chosen.emit(MenuEntry.EXPORT)
    choose_place(rig, tmp_path / "gone" / "calls.csv")

    rig.qtbot.waitUntil(lambda: notice(rig).startswith("calls.csv could not be saved: "), timeout=WITHIN)


# --- no cell is a formula --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "\uff1d1",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "Acme", "a=b", "john+x@acme.com", "1-2", "'quoted"])
def test_what_is_plain_stays_as_it_is(cell: str) -> None:
    assert plain(cell) == cell


def hostile() -> Job:
    job = samples.sent()[0]
    details = Details('=cmd|"/c calc"!A1', "-x@evil.com", "demo")
    return replace(job, details=details, path=Path('/recordings/@a;b,"c\n.wav'))


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_names_from_outside_stay_in_their_cells(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(table_of([hostile()], {samples.CALL_ID: "=1"}, delimiter=delimiter))

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    _head, row = rows_of(path, delimiter)
    assert row[2:6] == ['\'=cmd|"/c calc"!A1', "'-x@evil.com", "demo", "'@a;b,\"c\n.wav"]
    assert row[8] == "'=1"


def test_a_name_in_no_encoding_is_exported_too() -> None:
    path = Path(os.fsdecode(b"/recordings/a\xff.wav"))
    assert b"a?.wav" in table_of([replace(samples.sent()[0], path=path)], {}, delimiter=",")


def test_where_a_comma_is_decimal_cells_are_parted_by_semicolons(rig: Rig, tmp_path: Path) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        rig.engine.sent = samples.sent()[:1]
        rig.start().window.menu.entry_chosen.emit(MenuEntry.EXPORT)
        choose_place(rig, tmp_path / "calls.csv")
        rig.qtbot.waitUntil(lambda: (tmp_path / "calls.csv").exists(), timeout=WITHIN)
    finally:
        QLocale.setDefault(before)
    assert len(rows_of(tmp_path / "calls.csv", ";")[0]) == len(COLUMNS)


# --- the report and the licences -------------------------------------------------------------------------------------


def test_the_report_that_was_read_is_the_one_that_is_saved(rig: Rig, tmp_path: Path) -> None:
    rig.start().window.menu.entry_chosen.emit(MenuEntry.REPORT)
    dialog = rig.dialog
    assert isinstance(dialog, ReportDialog)
    shown = dialog.text.toPlainText()
    rig.click(dialog.save_button)
    choose_place(rig, tmp_path / "report.txt")
    rig.qtbot.waitUntil(lambda: notice(rig) == "Saved: report.txt", timeout=WITHIN)

    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == shown


def test_about_says_the_version_and_whose_work_is_in_it(rig: Rig) -> None:
    rig.start().window.menu.entry_chosen.emit(MenuEntry.ABOUT)

    dialog = rig.dialog
    assert isinstance(dialog, AboutDialog)
    assert dialog.version.text() == f"CallUp Desktop {__version__}"
    assert "PySide6_Essentials" in dialog.licences.toPlainText()
    dialog.done(0)


def test_the_licences_are_searched_by_typing_and_enter_goes_on_to_the_next_place(rig: Rig) -> None:
    rig.start().window.menu.entry_chosen.emit(MenuEntry.ABOUT)
    dialog = rig.dialog
    assert isinstance(dialog, AboutDialog)
    first = dialog.licences.toPlainText().lower().index("apache")

    rig.qtbot.keyClicks(dialog.search, "apache")
    assert dialog.licences.textCursor().selectionStart() == first
    rig.qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.licences.textCursor().selectedText().lower() == "apache"
    assert dialog.licences.textCursor().selectionStart() > first
    assert dialog.isVisible()

    rig.qtbot.keyClicks(dialog.search, " of nobody")
    assert not dialog.licences.textCursor().hasSelection()
    dialog.done(0)


def test_a_bundle_shows_every_part_with_the_text_of_its_licence(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = tmp_path / "THIRD_PARTY_NOTICES.txt"
    notices.write_text("Qt\n" + "GNU LESSER GENERAL PUBLIC LICENSE\n" * 20_000, encoding="utf-8")
    monkeypatch.setattr(about_dialog, "NOTICES", notices)

    rig.start().window.menu.entry_chosen.emit(MenuEntry.ABOUT)
    dialog = rig.dialog
    assert isinstance(dialog, AboutDialog)
    assert dialog.licences.toPlainText() == notices.read_text(encoding="utf-8")
    dialog.done(0)


def test_every_library_that_is_shipped_is_listed_with_its_licence() -> None:
    listed = licences.FILE.read_text(encoding="utf-8")
    missing = [
        known.name
        for known in licences.libraries().values()
        if f"\n{known.name} {known.version}, {licences.licence_of(known)}\n" not in listed
    ]
    assert missing == [], "run python -m tools.licences"
    assert f"Qt {distribution('PySide6-Essentials').version}," in listed
