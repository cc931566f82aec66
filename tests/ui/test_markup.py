"""Names and addresses that look like markup are shown as they are, in every label, tool tip and box."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget
from pytestqt.qtbot import QtBot

import callup_desktop.ui
from callup_desktop.engine.job import Job, Trouble
from callup_desktop.ui.application import Application
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.widgets.plain_text import plain_tip
from tests.ui import samples
from tests.ui.conftest import FakeDesktop, Rig, end
from tests.ui.fake_connection import FakeConnection

MARKUP = '<img src="//evil.test/share/x.png"><b>bold</b>'


@pytest.fixture
def hostile(qtbot: QtBot, qapp: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A window in which whatever can come from outside looks like markup."""
    profile = samples.PROFILE.model_copy(
        update={"name": MARKUP, "bucket": MARKUP, "database": MARKUP, "collection": MARKUP, "call_types": (MARKUP,)}
    )
    monkeypatch.setattr(samples, "PROFILE", profile)
    environment = Environment(desktop=FakeDesktop(), connection=FakeConnection(), profile_file=MARKUP)
    rig = Rig(qtbot, qapp, environment)
    jobs = [_hostile_job(job) for job in samples.working()]
    rig.engine.jobs = {job.id: job for job in jobs}
    rig.start()
    rig.window.open_connection()
    rig.settle()
    yield rig
    end(rig)


def _hostile_job(job: Job) -> Job:
    trouble = job.trouble and Trouble(job.trouble.code, job.trouble.at, MARKUP, {"issuer": MARKUP, "name": MARKUP})
    return replace(job, path=Path("/") / "evil" / MARKUP.replace("/", "-"), trouble=trouble)


def _widgets(window: MainWindow) -> list[QWidget]:
    return [window, *window.findChildren(QWidget)]


def test_no_label_of_the_window_reads_markup(hostile: Rig) -> None:
    labels = [widget for widget in _widgets(hostile.window) if isinstance(widget, QLabel)]
    assert labels
    guessing = [label.text() for label in labels if label.textFormat() is not Qt.TextFormat.PlainText]
    assert guessing == []


def test_no_tool_tip_of_the_window_opens_an_image(hostile: Rig) -> None:
    tips = [widget.toolTip() for widget in _widgets(hostile.window)]
    for view in hostile.window.findChildren(QAbstractItemView):
        model = view.model()
        if model is not None:
            rows = range(model.rowCount())
            tips += [str(model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) or "") for row in rows]
    shown = [tip for tip in tips if "evil" in tip]
    assert shown, "nothing hostile was shown at all"
    assert not [tip for tip in tips if "<img" in tip or "<b>" in tip]


def test_a_tip_shows_what_it_is_given() -> None:
    assert plain_tip("a & b") == "a & b"
    assert "<img" not in plain_tip(MARKUP)


def test_nobody_makes_a_box_or_a_tip_by_another_way() -> None:
    """The one place is the only one: whoever needs a tip of text from outside finds it there."""
    found = []
    root = Path(callup_desktop.ui.__path__[0])
    for path in sorted(root.rglob("*.py")):
        if path.name == "plain_text.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                fixed = (
                    node.args and isinstance(node.args[0], ast.Call) and ast.unparse(node.args[0]).startswith("self.tr")
                )
                tip = name == "setToolTip" and not fixed and "plain_tip" not in ast.unparse(node)
                if name == "QMessageBox" or (tip and path.name != "tray.py"):
                    found.append(f"{path.relative_to(root)}:{node.lineno}")
    assert found == []
