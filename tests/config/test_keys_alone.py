"""Single keys that IT set are a managed profile without any file, wherever the system keeps them."""

import plistlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import tomli_w

from callup_desktop import compose
from callup_desktop.choice import Choice
from callup_desktop.cli.serve import _file_of
from callup_desktop.compose import choose_profile, connected
from callup_desktop.config import policy as policy_module
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.policy import Policy, read_policy
from callup_desktop.config.profiles import Origin
from callup_desktop.config.watching import CompanyFolder
from callup_desktop.engine.errors import Code
from callup_desktop.instance.client import StartError
from tests.installers.test_macos import MACOS

Keys = Mapping[str, object]
Sets = Callable[[Policy], None]

GATEWAY = {"name": "Acme Sales", "gateway": "https://calls.acme.com"}
SERVERS = {
    "name": "Acme Sales",
    "bucket": "audio-pipeline-dev-audio",
    "mongo_uri": "mongodb+srv://callup@cluster0.acme.mongodb.net/",
    "database": "calls",
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/transcription-tasks",
}
KEY = r"HKLM\Software\Policies\CallUp Desktop"


def of_windows(machine: Keys, user: Keys | None = None) -> Policy:
    def registry(key: str) -> Iterator[tuple[str, str, object]]:
        for hive, keys in (("HKLM", machine), ("HKCU", user or {})):
            yield from ((f"{hive}\\{key}", name, value) for name, value in keys.items())

    return read_policy("win32", registry=registry)


@pytest.fixture
def it_sets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sets:
    """Sets keys on this computer, on which no file of IT's lies."""
    monkeypatch.setattr(policy_module, "_LINUX_FOLDER", tmp_path / "etc")

    def set_keys(policy: Policy) -> None:
        monkeypatch.setattr(compose, "policy_of_this_computer", lambda: policy)

    return set_keys


def imported(home: Path, **values: object) -> None:
    (home / "profile.callup").write_text(tomli_w.dumps({**SERVERS, "name": "Mailed", **values}), encoding="utf-8")


@pytest.mark.parametrize("keys", [GATEWAY, SERVERS], ids=["gateway", "servers"])
def test_the_keys_of_group_policy_are_a_managed_profile(it_sets: Sets, keys: Keys) -> None:
    it_sets(of_windows({**keys, "call_types": ["demo"], "files_at_once": 2, "notify": 0}))
    with connected(Choice(), home_of()) as connection:
        assert connection.is_managed
        assert connection.path == Path(KEY)
        assert connection.profile.call_types == ("demo",)
        assert {name: getattr(connection.profile, name) for name in keys} == keys
        assert connection.fixed_preferences() == {"files_at_once": 2, "notify": 0}


def test_keys_of_the_machine_and_of_the_user_make_one_profile_together(it_sets: Sets) -> None:
    it_sets(of_windows({"gateway": GATEWAY["gateway"]}, {**GATEWAY, "gateway": "https://other.acme.com"}))
    assert choose_profile(Choice(), home_of()).profile.first_server == GATEWAY["gateway"]


def test_managed_preferences_of_a_mac_are_one(it_sets: Sets, tmp_path: Path) -> None:
    (payload,) = plistlib.loads((MACOS / "example.mobileconfig").read_bytes())["PayloadContent"]
    file = tmp_path / f"{payload['PayloadType']}.plist"
    file.write_bytes(plistlib.dumps(payload))
    it_sets(read_policy("darwin", folder=tmp_path, is_admins=lambda _path: True))
    chosen = choose_profile(Choice(), home_of())
    assert (chosen.profile.first_server, chosen.path) == (payload["gateway"], file)


def test_policy_toml_of_linux_is_one(it_sets: Sets, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(tomli_w.dumps(GATEWAY))
    it_sets(read_policy("linux", folder=tmp_path, is_admins=lambda _path: True))
    assert choose_profile(Choice(), home_of()).profile.first_server == GATEWAY["gateway"]


def test_they_come_before_what_the_rep_imported_or_named(it_sets: Sets, home: Path, tmp_path: Path) -> None:
    imported(home)
    named = tmp_path / "named.callup"
    named.write_text(tomli_w.dumps(SERVERS))
    it_sets(of_windows(GATEWAY))
    for choice in (Choice(), Choice(profile=named)):
        chosen = choose_profile(choice, home_of())
        assert (chosen.origin, chosen.profile.first_server) == (Origin.POLICY, GATEWAY["gateway"])


def test_keys_that_lack_what_a_profile_needs_fix_those_of_the_imported_one(it_sets: Sets, home: Path) -> None:
    it_sets(of_windows({name: value for name, value in SERVERS.items() if name != "name"}))
    with pytest.raises(StartError) as raised:
        choose_profile(Choice(), home_of())
    assert raised.value.code is Code.NO_PROFILE

    imported(home, bucket="mailed-bucket", region="eu-west-3")
    chosen = choose_profile(Choice(), home_of())
    assert (chosen.origin, chosen.profile.name, chosen.profile.bucket) == (Origin.IMPORTED, "Mailed", SERVERS["bucket"])


def test_a_key_that_is_not_right_is_told_with_its_place(it_sets: Sets) -> None:
    it_sets(of_windows({**GATEWAY, "gateway": "http://calls.acme.com", "bucket": "acme"}))
    with pytest.raises(StartError) as raised:
        choose_profile(Choice(), home_of())
    assert (raised.value.code, raised.value.params["file"]) == (Code.BAD_PROFILE, KEY)
    assert {problem.key for problem in raised.value.problems} == {"gateway", "bucket"}


def test_they_may_use_this_computer_and_watch_a_folder_without_anybodys_word(it_sets: Sets) -> None:
    it_sets(of_windows({**SERVERS, "credentials": "aws", "watch_folder": "~/Zoom", "watch_send": 1}))
    with connected(Choice(environ={"CALLUP_MONGO_PASSWORD": "given"}), home_of()) as connection:
        assert connection.company_folder() == CompanyFolder("~/Zoom", sends=True)
        assert connection.secrets.mongo_password() == "given"  # type: ignore[union-attr]


def test_the_operator_of_a_gateway_names_a_file_that_its_workers_read_with_them(it_sets: Sets, tmp_path: Path) -> None:
    named = tmp_path / "named.callup"
    named.write_text(tomli_w.dumps(SERVERS))
    choice = Choice(profile=named)
    assert _file_of(choose_profile(choice, home_of()), choice) == named
    it_sets(of_windows({**SERVERS, "name": "Acme Dialers"}))
    assert _file_of(choose_profile(choice, home_of()), choice) == named
