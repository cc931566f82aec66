"""What stands in IT's place counts only if an administrator put it there; anything else is a sentence, not a guess."""

import json
import os
import plistlib
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from callup_desktop import compose
from callup_desktop.choice import Choice
from callup_desktop.cli.main import main
from callup_desktop.compose import choose_profile, connected, policy_of_this_computer
from callup_desktop.config import policy as policy_module
from callup_desktop.config.destination import LocalUse
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.policy import ManagedFault, ManagedFileError, Policy, managed_profile, read_policy
from callup_desktop.config.preferences import PreferencesFile
from callup_desktop.config.profile import parse_profile
from callup_desktop.config.watching import CompanyFolder
from callup_desktop.engine.errors import Code
from callup_desktop.instance.client import StartError
from callup_desktop.services.secret_entry import Entry
from tests.security.conftest import ACME, STRANGER, Written, needs_root
from tests.services.certificates import Authority
from tests.services.test_secrets import GoodKeyring


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where IT's files are looked for."""
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(policy_module, "_LINUX_FOLDER", folder)
    return folder


def put(folder: Path, name: str = "managed.callup", mode: int = 0o644) -> Path:
    file = folder / name
    file.write_text(tomli_w.dumps(ACME), encoding="utf-8")
    file.chmod(mode)
    return file


def refused() -> Code:
    with pytest.raises(StartError) as raised:
        choose_profile(Choice(), home_of())
    return raised.value.code


@needs_root
def test_the_administrators_profile_is_taken(place: Path) -> None:
    put(place)
    assert choose_profile(Choice(), home_of()).profile.name == "Acme Sales"


@needs_root
def test_a_profile_that_another_user_put_there_is_not(place: Path, stranger: int) -> None:
    os.chown(put(place), stranger, stranger)
    assert refused() is Code.MANAGED_NOT_ADMINS


@needs_root
def test_nor_one_in_a_folder_that_another_user_made(place: Path, stranger: int) -> None:
    put(place)
    os.chown(place, stranger, stranger)
    assert refused() is Code.MANAGED_NOT_ADMINS


@needs_root
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_nor_one_that_others_may_write(place: Path, mode: int) -> None:
    put(place, mode=mode)
    assert refused() is Code.MANAGED_NOT_ADMINS


@needs_root
def test_nor_one_whose_folder_others_may_write(place: Path) -> None:
    put(place)
    place.chmod(0o777)
    assert refused() is Code.MANAGED_NOT_ADMINS


@needs_root
def test_nor_a_link_of_another_user_to_a_file_of_root(place: Path, tmp_path: Path, stranger: int) -> None:
    real = put(tmp_path, "real.callup")
    (place / "managed.callup").symlink_to(real)
    os.chown(place / "managed.callup", stranger, stranger, follow_symlinks=False)
    assert refused() is Code.MANAGED_NOT_ADMINS


@needs_root
def test_nor_a_file_of_root_in_a_folder_of_another_user_to_which_a_link_of_root_leads(
    place: Path, tmp_path: Path, stranger: int
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (place / "managed.callup").symlink_to(put(shared, "real.callup"))
    assert choose_profile(Choice(), home_of()).profile.name == "Acme Sales"

    os.chown(shared, stranger, stranger)
    assert refused() is Code.MANAGED_NOT_ADMINS


def test_a_folder_in_its_place_is_a_sentence_and_no_way_around_it(place: Path, home: Path) -> None:
    put(home, "profile.callup")
    (place / "managed.callup").mkdir()
    assert refused() is Code.MANAGED_NOT_A_FILE


def test_a_pipe_in_its_place_is_a_sentence_and_never_waited_for(place: Path) -> None:
    os.mkfifo(place / "managed.callup")
    assert refused() is Code.MANAGED_NOT_A_FILE


def test_a_link_to_nothing_is_a_sentence(place: Path, home: Path) -> None:
    put(home, "profile.callup")
    (place / "managed.callup").symlink_to(place / "gone.callup")
    assert refused() is Code.MANAGED_UNREADABLE


@needs_root
def test_a_file_that_this_user_may_not_read_is_a_sentence(place: Path, stranger: int, home: Path) -> None:
    """Asked as the other user, because root may read everything."""
    put(place, mode=0o600)
    put(home, "profile.callup")
    for folder in (place, *place.parents):
        if folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(stranger)
        os.setuid(stranger)
        try:
            managed_profile()
            said = b"taken"
        except ManagedFileError as exc:
            said = exc.fault.value.encode()
        os.write(writer, said)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100).decode() == ManagedFault.UNREADABLE.value


@needs_root
def test_a_key_that_it_set_counts_over_the_file_and_is_locked(place: Path, home: Path) -> None:
    put(home, "profile.callup")
    (place / "policy.toml").write_text('bucket = "locked-bucket"\nkeep_awake = false\n')
    chosen = choose_profile(Choice(), home_of())
    assert chosen.profile.bucket == "locked-bucket"

    policy = read_policy("linux", folder=place)
    preferences = PreferencesFile(home / "preferences.toml", policy.preference_values())
    assert policy.is_locked("bucket")
    assert preferences.change(keep_awake=True, notify=False).keep_awake is False
    assert PreferencesFile(home / "preferences.toml").now.keep_awake is True


@needs_root
def test_a_folder_that_it_lets_be_watched_may_stand_in_the_policy_alone(place: Path, home: Path) -> None:
    put(home, "profile.callup")
    (place / "policy.toml").write_text('watch_folder = "~/Zoom"\nwatch_send = true\n')
    with connected(Choice(), home_of()) as connection:
        assert connection.company_folder() == CompanyFolder("~/Zoom", sends=True)

    (place / "policy.toml").write_text('watch_folder = "Zoom"\n')
    assert refused() is Code.BAD_PROFILE


@needs_root
def test_what_it_allows_by_a_policy_needs_nobodys_word_and_a_mailed_key_beside_it_does(
    place: Path, home: Path, tmp_path: Path
) -> None:
    pem = Authority(tmp_path).root.read_text()
    put(home, "profile.callup")
    (place / "policy.toml").write_text(tomli_w.dumps({"authority": pem, "credentials": "aws"}))
    chosen = choose_profile(Choice(), home_of())
    assert set(chosen.profile.local_uses) == {LocalUse.AUTHORITY, LocalUse.AWS_KEYS}

    (home / "profile.callup").write_text(tomli_w.dumps({**ACME, "aws_profile": "prod-admin"}))
    assert refused() is Code.PROFILE_NOT_ALLOWED


@needs_root
def test_the_preview_of_a_mailed_profile_tells_what_it_does_together_with_the_policy(
    place: Path, written: Written, backend: GoodKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "policy.toml").write_text('credentials = "aws"\nregion = "eu-west-3"\n')
    assert main(["profile", "import", str(written("mailed.callup", STRANGER, endpoint=None))]) == 1

    told = capsys.readouterr().out
    assert "AWS keys of this computer" in told
    assert not backend.entries


@needs_root
def test_keys_are_found_and_go_along_also_where_the_policy_says_to_which_server(
    place: Path, home: Path, written: Written, backend: GoodKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    def kept() -> str | None:
        with connected(Choice(), home_of()) as connection:
            return connection.vault.read(Entry.ACCESS_KEY_ID)

    (place / "policy.toml").write_text('endpoint = "https://s3.acme.test"\n')
    put(home, "profile.callup")
    backend.entries[("callup-desktop/Acme Sales", Entry.ACCESS_KEY_ID)] = "AKIAACME"
    assert kept() == "AKIAACME", "kept by an earlier version"

    for file in (written("second.callup", ACME, bucket="second"), written("acme.callup", ACME)):
        assert main(["profile", "import", str(file), "--yes", "--with-keys"]) == 0
        assert kept() == "AKIAACME"
    capsys.readouterr()
    assert main(["profile", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted((each["bucket"], each["active"]) for each in listed) == [(ACME["bucket"], True), ("second", False)]
    assert {each["storage"] for each in listed} == {"https://s3.acme.test"}


@needs_root
def test_a_policy_of_another_user_sets_nothing(place: Path, home: Path, stranger: int) -> None:
    put(home, "profile.callup")
    file = place / "policy.toml"
    file.write_text('bucket = "evil-bucket"\n')
    os.chown(file, stranger, stranger)
    assert refused() is Code.MANAGED_NOT_ADMINS


@pytest.mark.parametrize("text", ['pail = "x"\n', "keep_awake = 7\n", "not toml", "a = " + "[" * 5000])
def test_a_policy_that_cannot_be_used_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(ManagedFileError) as raised:
        read_policy("linux", folder=tmp_path, is_admins=lambda _path: True)
    assert raised.value.fault is ManagedFault.INVALID


def test_whose_policy_it_is_says_the_system_and_no_variable_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def read(*, user: str) -> Policy:
        asked.append(user)
        return Policy()

    monkeypatch.setattr(compose, "read_policy", read)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-without-a-policy")
    policy_of_this_computer()
    assert asked == [pwd.getpwuid(os.getuid()).pw_name]


def test_a_user_without_a_name_has_the_policy_of_the_machine(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, "policy.toml").write_text('region = "eu-west-1"')
    monkeypatch.setattr(policy_module, "_ROOT", os.geteuid())
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_123_456)  # as a container gives one
    assert policy_of_this_computer().profile_values() == {"region": "eu-west-1"}


def test_managed_preferences_of_a_mac_are_read_and_those_of_the_machine_come_first(tmp_path: Path) -> None:
    (tmp_path / "rep").mkdir()
    machine, user = tmp_path / "com.callup.desktop.plist", tmp_path / "rep" / "com.callup.desktop.plist"
    machine.write_bytes(plistlib.dumps({"bucket": "of-the-machine"}))
    user.write_bytes(plistlib.dumps({"bucket": "of-the-user", "files_at_once": 2}, fmt=plistlib.FMT_BINARY))
    policy = read_policy("darwin", user="rep", folder=tmp_path, is_admins=lambda _path: True)

    assert policy.profile_values() == {"bucket": "of-the-machine", "files_at_once": 2}
    assert policy.keys["bucket"].source == str(machine)


def test_group_policy_of_windows_is_read_and_that_of_the_machine_comes_first() -> None:
    def registry(key: str) -> Iterator[tuple[str, str, object]]:
        assert key == r"Software\Policies\CallUp Desktop"
        yield "HKLM", "bucket", "of-the-machine"
        yield "HKCU", "bucket", "of-the-user"
        yield "HKCU", "notify", 0

    policy = read_policy("win32", registry=registry)
    assert policy.profile_values() == {"bucket": "of-the-machine"}
    assert policy.preference_values() == {"notify": 0}
    assert PreferencesFile(None, policy.preference_values()).now.notify is False


def test_a_text_of_many_lines_arrives_from_group_policy_as_one(tmp_path: Path) -> None:
    pem = Authority(tmp_path).root.read_text()

    def registry(_key: str) -> Iterator[tuple[str, str, object]]:
        yield "HKLM", "authority", pem.splitlines()
        yield "HKLM", "call_types", ["demo", "support"]

    values = read_policy("win32", registry=registry).profile_values()
    profile = parse_profile(tomli_w.dumps(ACME).encode(), tmp_path / "acme.callup", values)
    assert profile.call_types == ("demo", "support")
    assert len(profile.authorities) == 1
