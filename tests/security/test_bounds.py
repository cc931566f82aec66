"""What a server, a file or a header may take of this computer has an end."""

import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from tuf.api.exceptions import DownloadError

from callup_desktop.cli.main import main
from callup_desktop.config.profile import LARGEST_PROFILE, Profile, load_profile, parse_profile
from callup_desktop.config.profile_problems import ProblemCode, ProfileError
from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.gateway.callers import tokens_in
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services import transport as transport_module
from callup_desktop.services import updates
from callup_desktop.services.aws import ServerClock, retry_after_of
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.transport import LONGEST_ANSWER, Transport
from callup_desktop.services.way import Way
from tests.cli.console import Callup
from tests.security.conftest import ACME, Written
from tests.services.front import Reply, front_of
from tests.services.test_secrets import GoodKeyring


def test_an_answer_without_an_end_is_not_read_to_its_end(sandbox: Running) -> None:
    with front_of(sandbox.s3_endpoint) as front:
        front.answer("", Reply(200, {"Content-Type": "application/xml"}, b"x" * (LONGEST_ANSWER + 1)))
        transport = Transport(connections=1)
        request = AWSRequest(method="GET", url=f"{front.endpoint}/bucket").prepare()
        with pytest.raises(TransientError) as raised:
            transport.send(request)
        transport.reset()
    assert raised.value.code is Code.CONNECTION


def test_an_answer_that_trickles_for_ever_ends(sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "ANSWER_TIMEOUT", -1.0)
    with front_of(sandbox.s3_endpoint) as front:
        front.answer("", Reply(200, {}, b"x" * 10))
        transport = Transport(connections=1)
        with pytest.raises(TransientError):
            transport.send(AWSRequest(method="GET", url=f"{front.endpoint}/bucket").prepare())
        transport.reset()


def test_a_look_for_updates_ends_however_its_answers_trickle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "_LOOK_TIMEOUT", -1.0)
    fetcher = updates._Fetcher(Way())

    def trickle() -> Iterator[bytes]:
        while True:
            yield b"x"

    with pytest.raises(DownloadError):
        list(fetcher._pieces(trickle()))


@pytest.mark.parametrize("value", ["²", "٣", "-1", "1e9", "nan", "inf", "Mon, 99 Foo 0000", "9" * 5000, "", "\0"])
def test_a_retry_after_that_is_no_number_is_no_bug(value: str) -> None:
    headers = {"retry-after": value}
    answer: Any = {"Error": {}, "ResponseMetadata": {"HTTPHeaders": headers}}
    found = retry_after_of(ClientError(answer, "PutObject"))
    assert found is None or 0 <= found < 1e13


@pytest.mark.parametrize(
    "date", ["", "²", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "x" * 9999]
)
def test_a_date_that_no_server_has_does_not_stop_the_clock(date: str) -> None:
    clock = ServerClock(lambda: datetime(2026, 11, 26, tzinfo=UTC))
    clock.learn(date)
    assert abs(clock.offset.days) < 4_000_000


@pytest.mark.parametrize(
    "content",
    [b'name = "' + b"x" * LARGEST_PROFILE + b'"', b"a = " + b"[" * 30_000, b"a = " + b"{x=" * 20_000],
    ids=["large", "nested lists", "nested tables"],
)
def test_a_profile_beyond_all_measure_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "deep.callup"
    file.write_bytes(content)
    with pytest.raises(ProfileError) as raised:
        load_profile(file)
    assert all(Messages().profile_problem(problem) for problem in raised.value.problems)


_DEEP = "a" + ".a" * 30_000


@pytest.mark.parametrize(
    "content",
    [f"{_DEEP} = 1", f"[{_DEEP}]", f"[[{_DEEP}]]", f"x = {{{_DEEP} = 1}}", "'a' . \"a\"" + " . a" * 15_000 + " = 1"],
    ids=["key", "table", "array of tables", "inline table", "quoted"],
)
def test_a_key_of_thousands_of_parts_is_refused_before_it_costs_anything(content: str) -> None:
    """Read to its end it took 20 seconds and 4 GB."""
    with pytest.raises(ProfileError) as refused:
        parse_profile(content.encode(), Path("deep.callup"))
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.NESTED]


def test_a_number_of_thousands_of_digits_is_no_bug() -> None:
    with pytest.raises(ProfileError) as refused:
        parse_profile(b"files_at_once = " + b"9" * 60_000, Path("number.callup"))
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.NOT_TOML]


def test_a_profile_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.callup"
    os.mkfifo(pipe)
    with pytest.raises(ProfileError):
        load_profile(pipe)


def test_a_profile_with_a_name_that_no_disk_takes_is_a_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--profile", str(tmp_path / ("a" * 300))]) == 78
    assert "can't be used" in capsys.readouterr().err
    assert home.exists()


def test_a_profile_that_never_ends_is_read_to_its_limit_only() -> None:
    with pytest.raises(ProfileError):
        load_profile(Path("/dev/zero"))


def test_a_home_that_was_open_to_others_is_this_users_alone(home: Path, sandbox: Running, tmp_path: Path) -> None:
    home.chmod(0o755)
    (home / "logs").mkdir(mode=0o755)
    for old in (home / "preferences.toml", home / "logs" / "callup.log"):
        old.write_text("")
        old.chmod(0o644)
    callup = Callup(home, sandbox.profile)
    note = tmp_path / "not-a-recording.wav"
    note.write_text("no")
    assert callup("send", note, "--company", "A", "--email", "a@b.com", "--type", "demo").code == 1
    assert callup("list").code == 0

    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}, found


@pytest.fixture(params=["folder", "pipe", "device", "gigabytes"])
def no_small_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What may lie where a small file is expected."""
    place = tmp_path / "odd"
    if request.param == "device":
        return Path("/dev/zero")
    if request.param == "folder":
        place.mkdir()
    elif request.param == "pipe":
        os.mkfifo(place)
    else:
        with place.open("wb") as file:
            file.truncate(2 * 1024**3)
    return place


@pytest.mark.parametrize("option", ["tlsCAFile", "tlsCertificateKeyFile"])
def test_whatever_lies_in_a_certificates_place_is_told_at_once(no_small_file: Path, option: str) -> None:
    uri = f"mongodb://db.acme.test/?tls=true&{option}={no_small_file}"
    profile = Profile.model_validate({**ACME, "mongo_uri": uri})
    registry = MongoRegistry(profile, open_secrets(profile, Path("acme.callup"), environ={}))

    with pytest.raises(AccountError) as refused:
        registry.ping()

    assert refused.value.code is Code.REGISTRY_DENIED


def test_whatever_lies_in_the_tokens_place_is_told_at_once(no_small_file: Path) -> None:
    with pytest.raises(OSError, match=r"no file|too large"):
        tokens_in(no_small_file)


def test_a_program_for_keys_that_never_stops_writing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config"
    config.write_text("[profile endless]\ncredential_process = cat /dev/zero\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    profile = Profile.model_validate({**ACME, "credentials": "aws", "aws_profile": "endless"})
    secrets = open_secrets(profile, tmp_path / "acme.callup", environ={})

    with pytest.raises(AccountError) as refused:
        secrets.session()

    assert refused.value.code is Code.KEY_SOURCE_FAILED
    assert not [child for child in psutil.Process().children() if "/dev/zero" in child.cmdline()]


def test_a_secret_without_an_end_is_read_to_its_limit_only(
    home: Path, written: Written, backend: GoodKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = written("acme.callup", ACME)
    with Path("/dev/zero").open(encoding="utf-8") as endless:
        monkeypatch.setattr(sys, "stdin", endless)
        assert main(["secrets", "set", "mongo_password", "--profile", str(profile)]) == 1
    assert not backend.entries
    assert home.exists()
