"""What the company set is shown as such and cannot be changed; the rest is the rep's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from callup_desktop.compose import Connection
from callup_desktop.config.policy import Policy, PolicyValue
from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.config.profile import Profile
from callup_desktop.services.secrets import Vault, open_secrets
from callup_desktop.ui.application import Application
from callup_desktop.ui.settings_dialog import SettingsDialog
from callup_desktop.ui.system.environment import Environment
from callup_desktop.ui.system.login_item import DesktopEntry
from callup_desktop.ui.widgets.label import Label
from tests.ui import samples
from tests.ui.conftest import FakeDesktop, Rig, end

_LIMIT = 2 * 1024**2
BY_COMPANY = {"bandwidth_limit": _LIMIT, "files_at_once": 2, "keep_awake": False, "launch_at_login": True}


def with_preferences(qtbot: QtBot, app: Application, folder: Path, fixed: dict[str, object]) -> Rig:
    environment = Environment(
        desktop=FakeDesktop(),
        preferences=PreferencesFile(folder / "preferences.toml", fixed),
        login_item=DesktopEntry(folder / "autostart", ("callup-desktop",)),
        managed=bool(fixed),
    )
    return Rig(qtbot, app, environment)


def settings(rig: Rig) -> SettingsDialog:
    rig.window.dialogs.open_settings()
    dialog = rig.dialog
    assert isinstance(dialog, SettingsDialog)
    return dialog


def notes(dialog: SettingsDialog) -> int:
    return sum(label.isVisible() and label.text() == "Set by your company" for label in dialog.findChildren(Label))


def press(rig: Rig, control: QWidget) -> None:
    """Whatever a hand does to a setting: a click, a space, an arrow."""
    rig.click(control)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        rig.key(control, key)


@pytest.fixture
def managed(qtbot: QtBot, qapp: Application, tmp_path: Path) -> Iterator[Rig]:
    rig = with_preferences(qtbot, qapp, tmp_path, dict(BY_COMPANY))
    yield rig
    end(rig)


def test_what_the_company_set_counts_from_the_start(managed: Rig, tmp_path: Path) -> None:
    managed.start()

    assert managed.engine.limit == _LIMIT
    assert managed.engine.files_at_once == 2
    assert (tmp_path / "autostart" / "callup-desktop.desktop").exists()


def test_what_the_company_set_is_locked_and_says_so(managed: Rig) -> None:
    managed.start()
    dialog = settings(managed)
    locked = (dialog.limited, dialog.limit, dialog.files, dialog.awake, dialog.launch)
    before = (dialog.limited.isChecked(), dialog.limit.value(), dialog.files.value())

    for control in locked:
        press(managed, control)

    assert not any(control.isEnabled() for control in locked)
    assert {control.accessibleDescription() for control in locked} == {"Set by your company"}
    assert notes(dialog) == len(BY_COMPANY)
    assert (dialog.limited.isChecked(), dialog.limit.value(), dialog.files.value()) == before == (True, 2.0, 2)
    assert (managed.engine.limit, managed.engine.files_at_once) == (_LIMIT, 2)
    dialog.accept()


def test_what_the_company_left_open_is_the_reps(managed: Rig, tmp_path: Path) -> None:
    managed.start()
    dialog = settings(managed)
    assert dialog.notify.isEnabled()

    managed.key(dialog.notify, Qt.Key.Key_Space)

    assert managed.window._environment.preferences.now.notify is False
    assert "notify = false" in (tmp_path / "preferences.toml").read_text()
    dialog.accept()


def test_without_a_company_everything_is_the_reps(qtbot: QtBot, qapp: Application, tmp_path: Path) -> None:
    rig = with_preferences(qtbot, qapp, tmp_path, {}).start()
    dialog = settings(rig)

    assert notes(dialog) == 0
    assert all(control.isEnabled() for control in (dialog.limited, dialog.files, dialog.awake, dialog.launch))
    dialog.accept()
    end(rig)


def test_a_managed_profile_fixes_what_it_names_and_a_policy_says_the_last_word() -> None:
    named: dict[str, object] = {
        **samples.PROFILE.model_dump(exclude_unset=True),
        "files_at_once": 3,
        "bandwidth_limit": 9,
    }
    profile, path = Profile.model_validate(named), Path("managed.callup")
    vault = Vault(profile.identity)
    secrets = open_secrets(profile, path, vault=vault, environ={})
    policy = Policy({"files_at_once": PolicyValue(1, "policy"), "notify": PolicyValue(value=False, source="policy")})

    own = Connection(profile, path, vault, secrets)
    theirs = Connection(profile, path, vault, secrets, policy, is_managed=True)

    assert own.fixed_preferences() == {}
    assert theirs.fixed_preferences() == {"files_at_once": 1, "bandwidth_limit": 9, "notify": False}
