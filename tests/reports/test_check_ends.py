"""The check that should have told what is wrong was what hung.

A keychain that waits for a password nobody sees, a server that takes a connection and says nothing, a certificate file
that is gone, an AWS setting of somebody else: checks of other programs ended in a traceback, or did not end at all, and
the steps behind were never tried.
"""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from botocore.session import Session

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.ports import STRAIGHT_STEPS, CheckStep
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.way import Way
from tests.cli.console import Callup, kill, profile_with
from tests.services.tls_front import LOOPBACK, accepting

KEYED = (CheckStep.KEYRING, CheckStep.STORAGE, CheckStep.REGISTRY, CheckStep.QUEUE)


class Stuck:
    """Keys that somebody would have to unlock, and nobody does; `released` at the end of the test."""

    kept_in_memory = False
    way = Way()

    def __init__(self) -> None:
        self.released = Event()
        self.asked = 0

    def session(self) -> Session:
        self.asked += 1
        self.released.wait(60)
        raise OSError("released")

    def mongo_key_password(self) -> str | None:
        return None

    def mongo_password(self) -> str | None:
        self.released.wait(60)
        return None


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    keys = Stuck()
    yield keys
    keys.released.set()


def test_a_keychain_that_does_not_answer_is_given_up_once_and_the_rest_is_tried(profile: Profile, stuck: Stuck) -> None:
    results = list(run_checks(profile, stuck, deadline=0.5))

    assert [result.step for result in results] == list(STRAIGHT_STEPS)
    assert [result.step for result in results if not result.ok] == list(KEYED)
    assert {result.code for result in results if not result.ok} == {Code.KEYRING_LOCKED}
    assert stuck.asked == 1


@pytest.fixture
def mute() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    ended = Event()

    def wait(_client: socket.socket) -> None:
        ended.wait(60)

    with accepting(wait) as port:
        yield port
        ended.set()


def test_each_server_that_says_nothing_is_given_up_by_name(profile: Profile, secrets: Secrets, mute: int) -> None:
    silent = profile.model_copy(
        update={
            "endpoint": f"http://{LOOPBACK}:{mute}",
            "mongo_uri": f"mongodb://{LOOPBACK}:{mute}/",
            "queue_url": f"http://{LOOPBACK}:{mute}/1/calls",
        }
    )

    results = {result.step: result.code for result in run_checks(silent, secrets, timeout=60, deadline=0.5)}

    assert results == {
        CheckStep.KEYRING: "",
        CheckStep.CLOCK: Code.CONNECTION,
        CheckStep.TLS: "",
        CheckStep.STORAGE: Code.CONNECTION,
        CheckStep.REGISTRY: Code.REGISTRY_UNREACHABLE,
        CheckStep.QUEUE: Code.QUEUE_UNREACHABLE,
    }


class Broken(Stuck):
    """Keys whose code has a bug."""

    def session(self) -> Session:
        raise ZeroDivisionError

    def mongo_password(self) -> str | None:
        return None


def test_a_bug_in_one_step_is_told_and_the_others_are_tried(profile: Profile) -> None:
    results = {result.step: result for result in run_checks(profile, Broken())}

    assert results[CheckStep.KEYRING].code == Code.BUG
    assert results[CheckStep.KEYRING].detail == "ZeroDivisionError"
    assert results[CheckStep.REGISTRY].ok


# --- the console ------------------------------------------------------------------------------------------------------


@pytest.fixture
def callup(tmp_path: Path, sandbox: Running) -> Callup:
    return Callup(tmp_path / "home", profile_with(tmp_path, sandbox))


def agree(callup: Callup) -> None:
    """Import the profile, as a rep who read what it uses of this computer."""
    command = [sys.executable, "-m", "callup_desktop.cli.main", "profile", "import", str(callup.profile), "--yes"]
    subprocess.run(command, env=callup.environment(), capture_output=True, check=True)


def test_each_step_is_printed_as_it_ends(callup: Callup, sandbox: Running, mute: int) -> None:
    profile_with(callup.profile.parent, sandbox, endpoint=f"http://{LOOPBACK}:{mute}")

    with callup.start("check", "--json") as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        assert running.poll() is None, "the next step is still waited for"
        kill(running)

    assert '"hop": "keyring"' in first


@pytest.mark.parametrize("option", ["tlsCertificateKeyFile", "tlsCAFile"])
@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "something else"])
def test_a_certificate_of_the_registry_that_cannot_be_used_is_a_sentence(
    option: str, content: str | None, callup: Callup, sandbox: Running, tmp_path: Path
) -> None:
    file = tmp_path / "registry.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    profile_with(callup.profile.parent, sandbox, mongo_uri=f"{sandbox.mongo_uri}&tls=true&{option}={file}")
    agree(callup)

    answer = callup("check", "--json")

    codes = {line["hop"]: line["code"] for line in answer.values}
    assert codes["registry"] == Code.REGISTRY_DENIED
    assert codes["storage"] == codes["queue"] == ""
    assert answer.code == 1


@pytest.mark.parametrize(
    "settings",
    [
        "credential_process = /nowhere/at-all",
        "credential_process = .",
        "role_arn = arn:aws:iam::1:role/r\nsource_profile = default\nmfa_serial = m",
    ],
    ids=["missing program", "not a program", "a code for a role"],
)
def test_aws_settings_that_bring_no_keys_are_a_sentence(
    settings: str, callup: Callup, sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    keys = "aws_access_key_id = AKIA\naws_secret_access_key = s\n" if "role" in settings else ""
    config.write_text(f"[default]\n{keys}{settings}\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    profile_with(callup.profile.parent, sandbox, credentials="aws")
    agree(callup)

    answer = callup("check", "--json")

    codes = {line["hop"]: line["code"] for line in answer.values}
    assert codes == {
        "keyring": Code.KEY_SOURCE_FAILED,
        "clock": "",
        "tls": "",
        "storage": Code.KEY_SOURCE_FAILED,
        "registry": "",
        "queue": Code.KEY_SOURCE_FAILED,
    }


def test_a_profile_that_is_nested_without_end_is_a_sentence(callup: Callup) -> None:
    depth = 5000
    callup.profile.write_text(f"name = {'[' * depth}{']' * depth}\n", encoding="utf-8")

    answer = callup("check")

    assert answer.code == 78
    assert "lists within lists beyond all measure" in answer.err


def test_nobody_listens_where_a_step_asks_and_all_the_others_are_told(callup: Callup, sandbox: Running) -> None:
    with closing(socket.create_server((LOOPBACK, 0))) as taken:
        port = taken.getsockname()[1]
    profile_with(callup.profile.parent, sandbox, queue_url=f"http://{LOOPBACK}:{port}/1/calls")

    answer = callup("check", "--json")

    assert {line["hop"]: line["code"] for line in answer.values if not line["ok"]} == {"queue": Code.QUEUE_UNREACHABLE}
