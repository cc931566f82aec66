"""The admin's file: what is taken, and what is said of a mistake in it."""

from pathlib import Path

import pytest

from callup_desktop.config.paths import home
from callup_desktop.config.policy import managed_profile
from callup_desktop.config.profile import ProfileError, load_profile
from callup_desktop.services.queue_address import address_of

GOOD = """
name = "Acme Sales"
bucket = "audio-pipeline-dev-audio"
region = "eu-west-1"
mongo_uri = "mongodb+srv://callup@cluster0.acme.mongodb.net/calls"
database = "calls"
queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/transcription-tasks.fifo"
call_types = ["Demo", "Support", "Sales", "demo"]
uploaded_by = "rep@company.com"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "acme.callup"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_profile_is_taken(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, GOOD))
    assert profile.call_types == ("demo", "support", "sales")
    assert profile.queue_is_fifo
    assert address_of(profile.queue_url, "us-east-1").endpoint == "https://sqs.eu-west-1.amazonaws.com"
    assert profile.credentials == "keyring"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('bucket = "audio-pipeline-dev-audio"\n', "", "the key 'bucket' is missing"),
        ("region", "colour", "the key 'colour' is not known"),
        ("callup@cluster0", "callup:secret@cluster0", "password"),
        ("mongodb+srv://callup@cluster0.acme.mongodb.net", "mongodb://db.acme.com", "TLS"),
        ("https://sqs", "http://sqs", "plain http"),
        ("amazonaws.com/123456789012/transcription-tasks.fifo", "amazonaws.com/", "names no queue"),
        ('call_types = ["Demo"', 'call_types = [""', "call type is empty"),
        ('name = "Acme Sales"', "name = ", "not valid TOML"),
        ("rep@company.com", "rep", "uploaded_by"),
        ('region = "eu-west-1"', 'credentials = "sandbox"', "sandbox"),
        ('region = "eu-west-1"', 'update_url = "https://updates.acme.com"', "go together"),
        ('region = "eu-west-1"', f'update_root = "{"0" * 64}"', "go together"),
        ('region = "eu-west-1"', f'update_url = "http://updates.acme.com"\nupdate_root = "{"0" * 64}"', "plain http"),
        ('region = "eu-west-1"', 'update_url = "https://updates.acme.com"\nupdate_root = "short"', "update_root"),
        ('region = "eu-west-1"', 'updates = "install"', "'updates'"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(before, after))
    with pytest.raises(ProfileError) as raised:
        load_profile(path)
    assert said in "; ".join(raised.value.problems)
    assert "secret" not in str(raised.value)


def test_where_to_look_for_updates_is_the_admins_word(tmp_path: Path) -> None:
    place = f'update_url = "https://updates.acme.com/callup"\nupdate_root = "{"aB" * 32}"\n'

    looking = load_profile(written(tmp_path, GOOD + place))
    silent = load_profile(written(tmp_path, GOOD + place + 'updates = "off"\n'))

    assert (looking.updates, looking.update_root) == ("check", "aB" * 32)
    assert silent.updates == "off"
    assert load_profile(written(tmp_path, GOOD)).update_url is None


def test_plain_connections_to_this_computer_are_allowed(tmp_path: Path) -> None:
    text = GOOD.replace("mongodb+srv://callup@cluster0.acme.mongodb.net/calls", "mongodb://127.0.0.1:27017").replace(
        "https://sqs.eu-west-1.amazonaws.com", "http://localhost:4566"
    )
    assert load_profile(written(tmp_path, text)).mongo_uri == "mongodb://127.0.0.1:27017"


def test_a_missing_or_unreadable_profile_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no such file"):
        load_profile(tmp_path / "none.callup")
    binary = tmp_path / "binary.callup"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ProfileError, match="cannot be read as text"):
        load_profile(binary)


def test_one_variable_moves_the_whole_home(tmp_path: Path) -> None:
    moved = home({"CALLUP_HOME": str(tmp_path / "here")})
    moved.make()
    assert {moved.journal.parent, moved.profile.parent} == {tmp_path / "here"}
    assert moved.logs.parent == tmp_path / "here"
    assert home({}).journal.name == moved.journal.name


def test_the_managed_profile_is_looked_for_where_it_belongs(tmp_path: Path) -> None:
    folder = tmp_path / "CallUp Desktop"
    folder.mkdir()
    assert managed_profile("win32", {"PROGRAMDATA": str(tmp_path)}) is None
    (folder / "managed.callup").write_text(GOOD)
    assert managed_profile("win32", {"PROGRAMDATA": str(tmp_path)}) == folder / "managed.callup"
