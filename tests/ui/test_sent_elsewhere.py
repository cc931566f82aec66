"""A colleague's recording in the real window, through a real gateway: told with name and day, sent by one click."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from pymongo.collection import Collection
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from callup_desktop.config.profile import load_profile
from callup_desktop.engine.errors import Rejection
from callup_desktop.sandbox.embedded import Running
from callup_desktop.ui.application import Application
from tests.cli.console import DETAILS, Callup, wav
from tests.gateway.inside import replica_inside
from tests.gateway.replica import write_profile
from tests.ui.test_real import Program

REPS = ("ann", "bob")
TOKEN = "CALLUP_GATEWAY_TOKEN"
COLLECTION = "calls_of_colleagues"


@pytest.fixture
def profile(sandbox: Running, tmp_path: Path) -> Iterator[Path]:
    servers = load_profile(sandbox.profile).model_copy(update={"collection": COLLECTION})
    path = write_profile(tmp_path / "gateway", servers, sandbox.profile)
    entries = [{"sha256": hashlib.sha256(rep.encode()).hexdigest(), "caller": rep, "tenant": "acme"} for rep in REPS]
    with replica_inside(path, tmp_path / "gateway.log", relay_interval=0.2, tokens=json.dumps(entries)) as running:
        file = tmp_path / "acme.callup"
        file.write_text(tomli_w.dumps({"name": "Acme", "gateway": running.address}), encoding="utf-8")
        yield file


def test_what_a_colleague_has_sent_is_told_with_their_name_and_sent_by_one_click(
    profile: Path,
    calls: Collection[dict[str, Any]],
    qtbot: QtBot,
    qapp: Application,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recording = wav(tmp_path / "Acme kickoff.wav", seconds=3, seed=20_261_127)
    monkeypatch.setenv(TOKEN, "ann")
    assert Callup(tmp_path / "ann", profile)("send", recording, *DETAILS).code == 0
    monkeypatch.setenv(TOKEN, "bob")
    refused = Callup(tmp_path / "bob", profile)("send", recording, *DETAILS)
    assert "ann sent this recording on " in refused.err
    assert "--send-again" in refused.err

    program = Program(qtbot, qapp, profile, {TOKEN: "bob"}).open()
    program.drop(recording)
    program.wait(lambda: bool(program.jobs) and program.jobs[0].question is Rejection.DUPLICATE)
    form = program.window.page.form
    program.wait(form.accept_button.isVisible)
    assert form._question.text().startswith("ann already sent this recording on ")
    program.describe_and_send()
    program.wait(lambda: program.jobs[0].details.call_type == "demo")
    assert calls.database[COLLECTION].count_documents({}) == 1
    QTest.mouseClick(form.accept_button, Qt.MouseButton.LeftButton)
    program.wait(lambda: program.sent_count() == "Sent 1")
    program.close()

    assert calls.database[COLLECTION].count_documents({}) == 2
