"""Another user made the home, or left something in it: nothing there is believed, and nothing is written there."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli_w

from callup_desktop.cli.main import main
from callup_desktop.config import paths
from callup_desktop.config.paths import home as home_of
from callup_desktop.engine.errors import Code
from callup_desktop.instance.client import StartError, chosen_home, make_home
from tests.security.conftest import STRANGER, needs_root
from tests.services.test_secrets import GoodKeyring


def given(path: Path, stranger: int) -> None:
    """It belongs to the other user."""
    os.chown(path, stranger, stranger, follow_symlinks=False)


def made_by(home: Path, stranger: int) -> Path:
    home.mkdir(exist_ok=True)
    home.chmod(0o777)
    given(home, stranger)
    return home


def under_a_folder_of(home: Path, stranger: int) -> Path:
    home.mkdir(exist_ok=True)
    given(home.parent, stranger)
    return home.parent


def with_a_profile_of(home: Path, stranger: int) -> Path:
    return planted(home / "profile.callup", stranger)


def with_a_list_of(home: Path, stranger: int) -> Path:
    return planted(home / "journal.sqlite3", stranger)


def with_a_lock_of(home: Path, stranger: int) -> Path:
    return planted(home / "owner.lock", stranger)


def with_profiles_of(home: Path, stranger: int) -> Path:
    return planted(home / "profiles" / "0123.callup", stranger)


def with_a_link_of(home: Path, stranger: int) -> Path:
    link, private = home / "preferences.toml", home.parent / "private"
    home.mkdir(exist_ok=True)
    private.write_text("not for everybody")
    link.symlink_to(private)
    given(link, stranger)
    return link


def planted(file: Path, stranger: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in {file.parent, file.parent.parent}:
        folder.chmod(0o777)
    file.write_text(tomli_w.dumps(STRANGER))
    given(file, stranger)
    return file


@needs_root
@pytest.mark.parametrize(
    "attack",
    [made_by, under_a_folder_of, with_a_profile_of, with_a_list_of, with_a_lock_of, with_profiles_of, with_a_link_of],
)
def test_what_belongs_to_another_user_is_a_sentence_and_nothing_is_started(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    backend: GoodKeyring,
    capsys: pytest.CaptureFixture[str],
    stranger: int,
    attack: Callable[[Path, int], Path],
) -> None:
    home = tmp_path / "shared" / "home"
    home.parent.mkdir()
    monkeypatch.setenv("CALLUP_HOME", str(home))
    theirs = attack(home, stranger)
    before = {path: path.lstat().st_uid for path in home.rglob("*")}

    for start in (chosen_home, lambda: make_home(home_of())):
        with pytest.raises(StartError) as refused:
            start()
        assert (refused.value.code, refused.value.params) == (Code.HOME_OF_ANOTHER, {"file": str(theirs)})
    for command in (["list"], ["check"], ["secrets", "show"], ["profile", "list"]):
        assert main(command) == 78
        assert str(theirs) in capsys.readouterr().err

    assert {path: path.lstat().st_uid for path in home.rglob("*") if path.name != "logs"} == before
    assert not backend.entries


def test_what_an_administrator_made_for_a_user_is_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked as another user than the one who made it, which is an administrator or not."""
    (home / "profile.callup").touch()
    maker = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: maker + 1)
    monkeypatch.setattr(paths, "_NOBODY", 0)  # whose the folders above are, whoever runs this
    monkeypatch.setattr(paths, "_ROOT", maker)
    assert chosen_home().data == home

    monkeypatch.setattr(paths, "_ROOT", maker + 2)
    with pytest.raises(StartError):
        chosen_home()
