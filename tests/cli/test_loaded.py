"""What a start loads decides how long it takes: real processes tell which libraries they did not wait for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import DETAILS, kill, profile_with, start_window, until, wav

VENDORS = {"boto3", "botocore", "s3transfer", "awscrt", "urllib3", "pymongo", "bson", "keyring", "tuf", "truststore"}
_LOADED = "loaded: "
_TELL = f"""
import json, sys
from callup_desktop.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print({_LOADED!r} + json.dumps(sorted(sys.modules)), file=sys.stderr)
"""

_ON_DEMAND = ("connection.page", "settings_dialog", "report_dialog", "about_dialog", "system.player")
"""Parts of the window that it has once the rep wants them."""
_PAINT_NOTHING = _TELL.replace("callup_desktop.cli.main", "callup_desktop.app")
_PAINT = f"""
import json, sys
from callup_desktop import app
from callup_desktop.ui.main_window import MainWindow
from callup_desktop.ui.widgets.surface import Surface
painted, told = Surface.paintEvent, []

def paint(surface, event):
    painted(surface, event)
    if isinstance(surface.window(), MainWindow) and not told:
        told.append({_LOADED!r} + json.dumps(sorted(sys.modules)))
        surface.window().close_policy.quit_now()

Surface.paintEvent = paint
app.main(sys.argv[1:])
print(*told, sep="\\n", file=sys.stderr)
"""

_READ_BY_PYSIDE = f"""
import json, sys
from callup_desktop.window import application_of_a_window
application_of_a_window()
import callup_desktop.ui.main_window
print({_LOADED!r} + json.dumps(sorted(sys.modules["__feature__"].pyside_feature_dict)), file=sys.stderr)
"""
"""Tells of which modules PySide6 has found out whether they use it, which it does by reading their source."""


def loaded_by(program: str, *arguments: str | Path) -> set[str]:
    """The modules that a process has in the end, packages by their first name too."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ}, capture_output=True, text=True, timeout=90)
    line = next((line for line in done.stderr.splitlines() if line.startswith(_LOADED)), None)
    assert line is not None, done.stderr
    return set(json.loads(line.removeprefix(_LOADED)))


def test_help_is_told_without_a_library() -> None:
    loaded = loaded_by(_TELL, "--help")
    assert not loaded & {*VENDORS, "pydantic", "rich", "PySide6", "asyncio", "sqlite3", "email_validator"}
    assert "callup_desktop.compose" not in loaded


def test_a_list_for_scripts_waits_for_no_vendor_and_no_drawing(sandbox: Running) -> None:
    loaded = loaded_by(_TELL, "list", "--json", "--profile", sandbox.profile)
    assert "callup_desktop.engine.engine" in loaded
    assert not loaded & {*VENDORS, "rich", "PySide6", "asyncio", "email_validator", "importlib.metadata"}


def test_a_list_of_the_running_program_waits_for_no_profile_and_no_engine(sandbox: Running, home: Path) -> None:
    window = start_window(home, "--profile", sandbox.profile)
    try:
        until(lambda: (home / "owner.json").exists() and (home / "journal.sqlite3").exists(), window)
        loaded = loaded_by(_TELL, "list", "--json", "--profile", sandbox.profile)
    finally:
        kill(window)
    assert "callup_desktop.instance.client" in loaded
    assert not loaded & {*VENDORS, "callup_desktop.compose", "callup_desktop.config.profile", "sqlite3"}
    assert not any(name.startswith("callup_desktop.engine.journal") for name in loaded)


def test_a_list_for_people_waits_for_no_vendor_and_no_bars(sandbox: Running) -> None:
    loaded = loaded_by(_TELL, "list", "--profile", sandbox.profile)
    assert "rich.table" in loaded
    assert not loaded & {*VENDORS, "rich.progress", "PySide6"}


def test_a_form_that_is_not_complete_is_told_before_any_service_is_loaded(sandbox: Running) -> None:
    assert not loaded_by(_TELL, "send", "call.wav", "--profile", sandbox.profile) & {*VENDORS, "PySide6"}


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that a package beside the program makes once pydantic loads it as its plugin."""
    entry_points, loaded = tmp_path / "beside-1.0.dist-info" / "entry_points.txt", tmp_path / "loaded"
    entry_points.parent.mkdir()
    entry_points.write_text("[pydantic]\nbeside = beside:plugin\n")
    (entry_points.parent / "METADATA").write_text("Name: beside\nVersion: 1.0\n")
    (tmp_path / "beside.py").write_text(f"open({str(loaded)!r}, 'w').close()\nplugin = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return loaded


def test_no_package_beside_may_put_itself_between_the_console_and_what_it_reads(sandbox: Running, beside: Path) -> None:
    loaded_by(_TELL, "list", "--json", "--profile", sandbox.profile)
    assert not beside.exists()


def test_no_package_beside_may_put_itself_between_the_window_and_what_it_reads(
    sandbox: Running, home: Path, beside: Path
) -> None:
    window = start_window(home, "--profile", sandbox.profile)
    try:
        until((home / "journal.sqlite3").exists, window)
    finally:
        kill(window)
    assert not beside.exists()


def test_pyside_reads_the_source_of_no_part_of_the_window() -> None:
    read = loaded_by(_READ_BY_PYSIDE, "-platform", "offscreen")
    assert not {name for name in read if name.startswith("callup_desktop.ui.call_list")}


@pytest.mark.parametrize("arguments", [["--version"], ["send"], ["secrets", "set", "password"]])
def test_a_command_line_that_asks_for_nothing_else_loads_nothing_else(arguments: list[str]) -> None:
    assert not loaded_by(_TELL, *arguments) & {*VENDORS, "pydantic", "rich", "PySide6"}


def test_a_console_that_sends_has_loaded_no_qt_and_for_a_script_no_bars(sandbox: Running, tmp_path: Path) -> None:
    file = tmp_path / "gone.wav"
    assert not loaded_by(_TELL, "send", file, *DETAILS, "--profile", sandbox.profile) & {"PySide6", "tuf", "rich"}


def test_a_call_is_sent_without_what_the_libraries_load_for_others(sandbox: Running, tmp_path: Path) -> None:
    loaded = loaded_by(_TELL, "send", wav(tmp_path / "call.wav", 1.0), *DETAILS, "--profile", sandbox.profile)
    assert {"botocore", "pymongo"} <= loaded
    assert not loaded & {"cryptography", "dns", "boto3", "s3transfer", "email_validator", "_awscrt"}


def test_keys_of_the_sdks_own_chain_are_found_with_all_that_it_may_need(
    sandbox: Running, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = profile_with(tmp_path / "profile", sandbox, credentials="aws")
    monkeypatch.setenv("CALLUP_HOME", str(home))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", sandbox.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", sandbox.secret_access_key)
    assert loaded_by(_TELL, "profile", "import", profile, "--yes")

    assert "_awscrt" in loaded_by(_TELL, "send", wav(tmp_path / "call.wav", 1.0), *DETAILS)


def test_the_window_is_painted_before_any_service_and_what_only_some_days_need_is_loaded(sandbox: Running) -> None:
    loaded = loaded_by(_PAINT, "--profile", sandbox.profile)
    assert "callup_desktop.ui.main_window" in loaded
    assert not loaded & {*VENDORS, "rich", "asyncio", "email_validator", "re2", "wakepy"}
    assert "callup_desktop.ui.queue_page" in loaded
    assert not loaded & {f"callup_desktop.ui.{name}" for name in _ON_DEMAND}


def test_a_window_that_only_says_how_it_is_used_loads_neither_qt_nor_an_engine() -> None:
    assert not loaded_by(_PAINT_NOTHING, "--help") & {*VENDORS, "pydantic", "PySide6", "sqlite3"}
