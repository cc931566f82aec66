"""What a laptop believes of an update repository: a real one, signed in the test, behind a real web server."""

import functools
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import tomli_w

from callup_desktop.cli.main import main as callup
from callup_desktop.config.profile import Profile
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.updates import TARGET, look_for_newer, ordered
from callup_desktop.services.way import Way
from installers.update_repository import begin, main, publish
from tests.services.certificates import ORGANISATION, Authority
from tests.services.tls_front import tls_front

INSTALLED = "1.2.0"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and keeps no log."""

    def log_message(self, *_arguments: object) -> None:
        pass


class Company:
    """Keys, a repository, the server in front of it, and a laptop that looks."""

    def __init__(self, folder: Path, url: str) -> None:
        self.repository = folder / "repository"
        self.keys = folder / "keys"
        self.seen = folder / "laptop"
        self.url = url
        self.fingerprint = begin(self.repository, self.keys)

    @property
    def metadata(self) -> Path:
        return self.repository / "metadata"

    def publish(self, version: str, *, days: float = 90) -> None:
        publish(self.repository, self.keys, version, days=days)

    def profile(self, **changes: object) -> Profile:
        return Profile.model_validate(
            {
                "name": "Acme",
                "bucket": "acme",
                "mongo_uri": "mongodb://127.0.0.1/",
                "database": "calls",
                "queue_url": "https://sqs.eu-west-1.amazonaws.com/1/calls",
                "update_url": self.url,
                "update_root": self.fingerprint,
                **changes,
            }
        )

    def look(self, **changes: object) -> tuple[UpdateOutcome, str]:
        answer = look_for_newer(self.profile(**changes), Way(), self.seen, installed=INSTALLED)
        assert Messages().update(answer.outcome, answer.version)
        return answer.outcome, answer.version


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    handler = functools.partial(QuietHandler, directory=str(tmp_path / "repository"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Company(tmp_path, f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()
            thread.join()


def test_a_newer_version_is_told_and_what_is_installed_is_not(company: Company) -> None:
    company.publish("1.10.0")
    assert company.look() == (UpdateOutcome.NEWER, "1.10.0")

    company.publish("1.2.0")
    assert company.look() == (UpdateOutcome.CURRENT, "1.2.0")

    company.publish("1.1.9")
    assert company.look() == (UpdateOutcome.CURRENT, "1.1.9")


def test_versions_are_compared_as_numbers() -> None:
    assert ordered("1.10") > ordered("1.9.9")
    assert ordered("1.2") == ordered("1.2.0")


def test_the_profile_switches_looking_off(company: Company) -> None:
    company.publish("9.0.0")

    assert company.look(updates="off") == (UpdateOutcome.OFF, "")
    assert company.look(update_url=None, update_root=None) == (UpdateOutcome.OFF, "")
    assert not company.seen.exists()


def test_offline_is_no_news(company: Company) -> None:
    company.publish("9.0.0")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert company.look(update_url=f"http://127.0.0.1:{port}") == (UpdateOutcome.UNREACHABLE, "")


def test_the_systems_proxy_is_asked_and_hears_the_login(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def refuse(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            heard.append(connection.recv(4096))
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=refuse, args=(server,))
        thread.start()
        monkeypatch.setenv("https_proxy", f"http://rep:open%20sesame@127.0.0.1:{server.getsockname()[1]}")
        found = company.look(update_url="https://updates.example.invalid")
        thread.join()

    assert found == (UpdateOutcome.UNREACHABLE, "")
    assert heard[0].startswith(b"CONNECT updates.example.invalid:443")
    assert b"Basic cmVwOm9wZW4gc2VzYW1l" in heard[0]


def test_a_network_that_looks_into_it_is_told_for_what_it_is(
    tmp_path: Path, home: Path, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    authority, file = Authority(tmp_path), tmp_path / "acme.callup"
    with tls_front(("127.0.0.1", 9), authority.vouched("elsewhere.test")) as port:
        profile = company.profile(update_url=f"https://127.0.0.1:{port}/")
        file.write_text(tomli_w.dumps(profile.model_dump(exclude_unset=True)))
        assert callup(["update", "--profile", str(file)]) == 1
        believed = Way(authority.root.read_text())
        answer = look_for_newer(profile, believed, company.seen, installed=INSTALLED)

    said = capsys.readouterr().out
    assert "The update repository cannot be reached. Your company's network is checking this connection" in said
    assert ORGANISATION in said
    assert answer.cause is not None
    assert answer.cause.params["problem"] == "other_host"
    assert home.exists()


def test_a_wrong_address_is_told_from_a_dead_one(company: Company) -> None:
    assert company.look(update_url=f"{company.url}elsewhere") == (UpdateOutcome.MISSING, "")


def test_a_repository_of_other_keys_is_not_believed(company: Company) -> None:
    company.publish("9.0.0")

    assert company.look(update_root="0" * 64) == (UpdateOutcome.OTHER_ROOT, "")


def test_what_another_key_signed_is_not_believed(company: Company, tmp_path: Path) -> None:
    begin(tmp_path / "stranger", tmp_path / "stranger-keys")
    publish(tmp_path / "stranger", tmp_path / "stranger-keys", "9.0.0")
    shutil.copy(tmp_path / "stranger" / "metadata" / "timestamp.json", company.metadata)

    assert company.look() == (UpdateOutcome.NOT_SIGNED, "")


def test_a_changed_signature_file_is_not_believed(company: Company) -> None:
    company.publish("1.3.0")
    timestamp = company.metadata / "timestamp.json"
    signed = json.loads(timestamp.read_text())
    signed["signed"]["expires"] = "2099-01-01T00:00:00Z"
    timestamp.write_text(json.dumps(signed))

    assert company.look() == (UpdateOutcome.NOT_SIGNED, "")


@pytest.mark.parametrize("place", ["metadata/1.targets.json", f"targets/*.{TARGET}"])
def test_a_tampered_file_is_told_from_an_unsigned_one(company: Company, place: str) -> None:
    company.publish("1.3.0")
    (file,) = company.repository.glob(place)
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))

    assert company.look() == (UpdateOutcome.ALTERED, "")


def test_a_release_whose_signature_has_expired_is_not_believed(company: Company) -> None:
    company.publish("1.3.0", days=-1)
    assert company.look() == (UpdateOutcome.EXPIRED, "")

    company.publish("1.3.0")
    assert company.look() == (UpdateOutcome.NEWER, "1.3.0")


def test_a_server_that_goes_back_in_time_is_caught(company: Company, tmp_path: Path) -> None:
    company.publish("1.3.0")
    shutil.copytree(company.repository, tmp_path / "old")
    company.publish("1.3.1")
    assert company.look() == (UpdateOutcome.NEWER, "1.3.1")

    shutil.copytree(tmp_path / "old", company.repository, dirs_exist_ok=True)

    assert company.look() == (UpdateOutcome.OLDER, "")


def test_a_sign_in_page_is_no_repository(company: Company) -> None:
    company.publish("1.3.0")
    (company.metadata / "timestamp.json").write_text("<html>Welcome to Hotel WiFi</html>")

    assert company.look() == (UpdateOutcome.UNREADABLE, "")


@pytest.mark.parametrize("version", ["", "1.3.0rc1", "1.-3", "newest <b>now</b>", "1.2.3.4.5"])
def test_what_is_no_version_is_not_signed_for(company: Company, version: str) -> None:
    company.publish("1.3.0")

    with pytest.raises(ValueError, match="version"):
        company.publish(version)

    assert company.look() == (UpdateOutcome.NEWER, "1.3.0")


def test_a_folder_that_cannot_be_written_is_told(company: Company) -> None:
    company.publish("1.3.0")
    company.seen.write_text("a file where the folder should be")

    assert company.look() == (UpdateOutcome.NOT_KEPT, "")


def test_keys_are_for_the_one_who_signs(company: Company) -> None:
    with pytest.raises(FileExistsError):
        begin(company.repository, company.keys)

    assert {key.name for key in company.keys.iterdir()} == {"root.pem", "release.pem"}
    assert all(b"PRIVATE" not in file.read_bytes() for file in company.repository.rglob("*.json"))


def test_the_command_line_prints_what_the_profile_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = (str(tmp_path / "repository"), str(tmp_path / "keys"))
    main(["begin", *places])
    main(["publish", *places, "1.3.0", "--days", "30"])

    printed = capsys.readouterr().out.splitlines()
    assert printed[1].startswith('update_root = "')
    assert printed[2] == "publication 1: 1.3.0"
