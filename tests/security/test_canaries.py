"""Secrets that are planted everywhere, failures of every kind, and a search of every byte that was written."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
import threading
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from callup_desktop.choice import Choice
from callup_desktop.compose import Connection, EngineHost, connected
from callup_desktop.config.paths import Home
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Event
from callup_desktop.engine.job import Trouble
from callup_desktop.instance import channel
from callup_desktop.instance.client import OwnedHome, owned
from callup_desktop.instance.handler import RequestHandler
from callup_desktop.instance.ipc import OwnerConnection
from callup_desktop.instance.messages import NamedFile, Request
from callup_desktop.logs import FILE_NAME, open_log
from callup_desktop.presentation.it_report import ItReportWriter
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.redaction import redacted
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.services.connection import ConnectionService
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import SecretMalformedError, Vault, known_secrets, open_secrets
from tests.cli.console import DETAILS, Callup, profile_with, wav
from tests.security.conftest import ACME, Written
from tests.services.login_proxy import login_proxy
from tests.services.test_secrets import GoodKeyring
from tests.services.tls_front import LOOPBACK

CANARY = "c4n4ry"
PLANTED = {
    "CALLUP_MONGO_PASSWORD": f"{CANARY}-mongo-environment",
    "AWS_SECRET_ACCESS_KEY": f"{CANARY}-aws-environment",
    "AWS_SESSION_TOKEN": f"{CANARY}-aws-token",
}
KEYRINGS = {
    "sound": f"access_key_id=AK{CANARY}\nsecret_access_key={CANARY}-secret\nmongo_password={CANARY}-password",
    "a line end behind": f"access_key_id=AK{CANARY}\\n\nsecret_access_key={CANARY}\\n\nmongo_password={CANARY}\\n",
    "a line end inside": f"access_key_id=A\\n{CANARY}\nsecret_access_key={CANARY}\\ns\nmongo_password=p\\n{CANARY}",
}
PROXIES = {
    "a proxy that is not there": f"http://user:{CANARY}-proxy@127.0.0.1:9",
    "a proxy that no parser takes": f"http://user:{CANARY}[proxy@127.0.0.1:9",
    "a proxy with a space": f"http://user:{CANARY} proxy@127.0.0.1:9",
    "a proxy with an odd port": f"http://user:{CANARY}-proxy@127.0.0.1:odd",
    "a token in place of a name": f"http://{CANARY}-proxy@127.0.0.1:9",
}


def written_under(folder: Path) -> bytes:
    """Every byte of every file, with what SQLite holds in its own files."""
    return b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def run(callup: Callup, *arguments: str | Path) -> bytes:
    answer = callup(*arguments)
    return (answer.out + answer.err).encode()


@pytest.mark.parametrize("keyring", KEYRINGS)
def test_nothing_of_a_key_is_written_when_it_is_refused(
    tmp_path: Path, home: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch, keyring: str
) -> None:
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.security.planted_keyring.PlantedKeyring")
    monkeypatch.setenv("CANARY_KEYRING", KEYRINGS[keyring])
    mongo = sandbox.mongo_uri.replace("mongodb://", "mongodb://rep@")
    profile = profile_with(tmp_path / "profile", sandbox, credentials="keyring", mongo_uri=mongo)
    callup = Callup(home, profile)

    said = run(callup, "send", wav(tmp_path / "call.wav"), *DETAILS, "--patience", "2")
    said += run(callup, "check") + run(callup, "check", "--json") + run(callup, "list", "--json")

    assert CANARY.encode() not in said, said.decode()
    assert CANARY.encode() not in written_under(home)
    with closing(sqlite3.connect(home / "journal.sqlite3")) as journal, journal:
        dump = "\n".join(journal.iterdump())
    journal.close()
    assert "wav" in dump
    assert CANARY not in dump


@pytest.mark.parametrize("proxy", PROXIES)
def test_nothing_of_a_proxys_password_is_written(
    tmp_path: Path, home: Path, sandbox: Running, written: Written, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.security.planted_keyring.PlantedKeyring")
    monkeypatch.setenv("CANARY_KEYRING", "access_key_id=AKIA\nsecret_access_key=s3cr3t\nmongo_password=p4ss")
    monkeypatch.setenv("https_proxy", PROXIES[proxy])
    far = {"endpoint": "https://s3.callup.invalid", "queue_url": "https://sqs.callup.invalid/1/q"}
    callup = Callup(home, written("far.callup", ACME, **far, mongo_uri=sandbox.mongo_uri))

    said = run(callup, "send", wav(tmp_path / "call.wav"), *DETAILS, "--patience", "2")
    said += run(callup, "list", "--json")

    assert CANARY.encode() not in said, said.decode()
    assert CANARY.encode() not in written_under(home)


@pytest.fixture
def overheard(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every message that goes through the door between an owner and a console, either way."""
    said: list[bytes] = []
    send = channel._SocketChannel.send

    def overhear(self: channel._SocketChannel, message: bytes, within: float) -> None:
        said.append(message)
        send(self, message, within)

    monkeypatch.setattr(channel._SocketChannel, "send", overhear)
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="overhears a Unix socket")
@pytest.mark.parametrize("through_proxy", [False, True], ids=["storage refuses", "proxy refuses"])
def test_nothing_of_a_secret_goes_through_the_door_or_into_the_report_for_it(
    tmp_path: Path,
    home: Path,
    sandbox: Running,
    written: Written,
    backend: GoodKeyring,
    monkeypatch: pytest.MonkeyPatch,
    overheard: list[bytes],
    *,
    through_proxy: bool,
) -> None:
    here = home_of()
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    with login_proxy("another:login", (LOOPBACK, 9)) as proxy:
        far: dict[str, object] = {"endpoint": f"https://s3.{CANARY[1:]}.test", "proxy": proxy.url}
        places = far if through_proxy else {"endpoint": sandbox.s3_endpoint}
        uri = sandbox.mongo_uri.replace("mongodb://", "mongodb://rep@")
        file = written("acme.callup", ACME, mongo_uri=uri, queue_url=sandbox.queue_url, **places)
        with connected(Choice(file, environ=dict(os.environ)), here) as connection:
            work = ConnectionService(here, connection.profile, connection.vault, connection.secrets)
            work.save(
                {"access_key_id": f"AK{CANARY}", "secret_access_key": f"{CANARY}-s", "mongo_password": f"{CANARY}-p"}
            )
            if through_proxy:
                work.save({"proxy_login": f"rep:{CANARY} proxy"})
            report = serve_until_stopped(connection, here, wav(tmp_path / "call.wav"))
            checks = [str(result) for result in work.run_checks()]

    assert backend.entries
    assert len(overheard) > 5
    assert ("proxy_login" if through_proxy else "keys_") in report
    assert CANARY not in "\n".join((report, *checks))
    assert CANARY.encode() not in b"\n".join(overheard)
    assert CANARY.encode() not in written_under(home)


def serve_until_stopped(connection: Connection, here: Home, recording: Path) -> str:
    """Own the home, let a console send through the door until something holds it up; what the window copies for IT."""
    handler, state, stopped = RequestHandler(""), ViewState(), threading.Event()

    def report(event: Event) -> None:
        handler.report(event)
        state.apply(event)
        if state.status is not None and state.status.blocked is not None:
            stopped.set()

    with owned(here, "") as owner, EngineHost(connection, here, report=report) as host:
        assert isinstance(owner, OwnedHome)
        handler.serve(host.commands, connection.profile.identity)
        host.start()
        with owner.serving(handler.open_session), OwnerConnection(here) as console:
            name = NamedFile(id=str(uuid.uuid4()), path=os.fsencode(recording))
            console.ask(Request(verb="send", files=(name,), company="Acme", email="a@acme.com", call_type="demo"))
            assert stopped.wait(60)
            console.ask(Request(verb="changes"))
            console.ask(Request(verb="list"))
        return ItReportWriter(connection.profile, here.logs, lambda: datetime.now(UTC), connection.redact).write(state)


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": f"https://user:{CANARY}@s3.acme.com"},
        {"queue_url": f"https://user:{CANARY}@sqs.acme.com/1/q"},
        {"update_url": f"https://user:{CANARY}@updates.acme.com", "update_root": "a" * 64},
        {"mongo_uri": f"mongodb://user:{CANARY}@db.acme.com/?tls=true"},
        {"mongo_uri": f"mongodb://user:{CANARY}[@db.acme.com/?tls=true"},
        {"mongo_uri": f"mongodb://db.acme.com/?tls=true&tlsCertificateKeyFilePassword={CANARY}"},
        {"mongo_uri": f"mongodb://db.acme.com/?tls=true&proxyPassword={CANARY}"},
        {"mongo_uri": f"mongodb://db.acme.com/?tls=true&authMechanismProperties=AWS_SESSION_TOKEN:{CANARY}"},
    ],
)
def test_nothing_of_a_secret_in_a_profile_is_repeated(home: Path, written: Written, changes: dict[str, object]) -> None:
    callup = Callup(home, written("told.callup", ACME, **changes))

    said = run(callup, "check") + run(callup, "list", "--json")

    assert CANARY.encode() not in said, said.decode()
    assert CANARY.encode() not in written_under(home)


@pytest.mark.parametrize(
    ("variable", "proxy", "written"),
    [
        ("HTTPS_PROXY", f"http://rep:{CANARY}%2F%40s@proxy.test", f"Failed to parse: rep:{CANARY}%2F%40s"),
        ("https_proxy", f"http://rep:{CANARY}%2F%40s@proxy.test", f"told {CANARY}/@s"),
        ("HTTPS_PROXY", f"rep:{CANARY}-secret@proxy.test:8080", f"told {CANARY}-secret"),
        ("ALL_PROXY", f"socks5h://rep:{CANARY}-secret@proxy.test", f"told {CANARY}-secret"),
        ("HTTP_PROXY", f"http://{CANARY}-token@proxy.test", f"told http://{CANARY}-token@proxy.test"),
        ("HTTPS_PROXY", f"http://{CANARY}-token:@proxy.test", f"told {CANARY}-token"),
        ("HTTPS_PROXY", f"http://{CANARY}-0123456789:x-oauth-basic@proxy.test", f"told {CANARY}-0123456789"),
        ("HTTPS_PROXY", f"http://rep:{CANARY}@s@proxy.test", f"told {CANARY}@s"),
        ("HTTPS_PROXY", f"http://rep:{CANARY}@proxy.test", base64.b64encode(f"rep:{CANARY}".encode()).decode()),
    ],
)
def test_the_login_of_the_environments_proxy_is_a_secret_that_no_writer_lets_out(
    tmp_path: Path, home: Path, variable: str, proxy: str, written: str
) -> None:
    profile = Profile.model_validate(ACME)
    environ = {variable: proxy}
    vault = Vault(profile.identity, GoodKeyring())
    secrets = open_secrets(profile, tmp_path / "acme.callup", vault=vault, environ={})
    connection = Connection(profile, tmp_path / "acme.callup", vault, secrets, environ=environ)

    state = ViewState()
    state.stop_reason = Trouble(Code.CONNECTION, datetime.now(UTC), written)
    with open_log(home, connection.known_secrets) as log:
        log.info("told", detail=written)
    report = ItReportWriter(profile, home, lambda: datetime.now(UTC), connection.redact).write(state)

    for text in (report, (home / FILE_NAME).read_text(), connection.redact(written)):
        assert "***" in text
        for part in (CANARY, base64.b64encode(CANARY.encode()).decode()[:6], written.rpartition(" ")[2]):
            assert part not in text


@pytest.mark.parametrize(
    "text",
    [
        f"Failed to parse: http://user:{CANARY}[x@127.0.0.1:9",
        f"mongodb+srv://user:{CANARY}@host/?x",
        f"ValueError(\"Invalid header value b'{CANARY}\\\\nsecret'\")",
        f"tlsCertificateKeyFilePassword={CANARY}&x=1",
        f"https://host/?proxyPassword={CANARY}",
        f"socks5h://u:{CANARY}@host",
    ],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(text: str) -> None:
    assert CANARY not in redacted(text, (CANARY, f"{CANARY}\nsecret"))


def test_a_value_that_cannot_be_a_key_is_not_kept_and_white_space_is_no_part_of_one() -> None:
    vault = Vault("owner", GoodKeyring())
    vault.write(Entry.ACCESS_KEY_ID, "  AKIA\n")
    assert vault.read(Entry.ACCESS_KEY_ID) == "AKIA"
    for entry in Entry:
        for value in ("a\nb", "a\rb", "a\0b", "", " \n"):
            with pytest.raises(SecretMalformedError):
                vault.write(entry, value)


def test_servers_of_the_sandbox_inherit_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**PLANTED, "https_proxy": PROXIES["a proxy that is not there"], "MY_TOKEN": CANARY}.items():
        monkeypatch.setenv(name, value)
    with Sandbox(tmp_path / "sandbox"):
        children = psutil.Process().children(recursive=True)
        environments = [str(child.environ()) for child in children]
    assert len(environments) >= 3
    assert not [found for found in environments if CANARY in found]


def test_the_keys_that_the_aws_configuration_gives_are_among_the_secrets_that_no_writer_lets_out(
    tmp_path: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "keys.py"
    keys = {"AccessKeyId": f"AK{CANARY}", "SecretAccessKey": f"{CANARY}-secret", "SessionToken": f"{CANARY}-token"}
    script.write_text(f"print({json.dumps(json.dumps({'Version': 1, **keys}))})")
    (tmp_path / "config").write_text(
        f"[profile kept]\naws_access_key_id = AK{CANARY}\naws_secret_access_key = {CANARY}-secret\n"
        f'aws_session_token = {CANARY}-token\n[profile program]\ncredential_process = "{sys.executable}" "{script}"\n'
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name in ("kept", "program"):
        file = profile_with(tmp_path / name, sandbox, credentials="aws", aws_profile=name)
        vault = Vault("owner", GoodKeyring())
        secrets = open_secrets(load_profile(file), file, vault=vault, environ={})

        assert secrets.session().get_credentials() is not None

        assert set(keys.values()) <= set(known_secrets(vault, secrets, {})()), name


def test_a_program_that_gives_keys_inherits_no_password_of_ours(
    tmp_path: Path, home: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, script = tmp_path / "seen", tmp_path / "keys.py"
    script.write_text(
        f"import json, os, pathlib\npathlib.Path({str(seen)!r}).write_text(str(dict(os.environ)))\n"
        'print(json.dumps({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S"}))\n'
    )
    (tmp_path / "config").write_text(f'[profile rep]\ncredential_process = "{sys.executable}" "{script}"\n')
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("CALLUP_MONGO_PASSWORD", PLANTED["CALLUP_MONGO_PASSWORD"])
    profile = profile_with(tmp_path / "profile", sandbox, credentials="aws", aws_profile="rep")
    callup = Callup(home, profile)
    imported = [sys.executable, "-m", "callup_desktop.cli.main", "profile", "import", str(profile), "--yes"]
    subprocess.run(imported, env=callup.environment(), check=True, capture_output=True, timeout=60)

    run(callup, "check")

    assert os.environ["CALLUP_MONGO_PASSWORD"]
    assert CANARY not in seen.read_text()
