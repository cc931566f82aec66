"""The sandbox is real servers over one folder: they keep what they acknowledged, and a second owner is refused."""

import json
import os
import shutil
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from pymongo.errors import DuplicateKeyError

from callup_desktop.config.profile import load_profile
from callup_desktop.engine.errors import Code
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox import ports, servers
from callup_desktop.sandbox.embedded import Running, Sandbox
from callup_desktop.sandbox.errors import SandboxError
from callup_desktop.sandbox.ports import are_free, choose_ports, local_sockets
from callup_desktop.sandbox.servers import Server
from callup_desktop.services.queue_address import address_of
from tests.sandbox.clients import clients_of

PART = b"p" * 5 * 1024 * 1024
posix = pytest.mark.skipif(sys.platform == "win32", reason="weed opens its local sockets on POSIX only")


def sentence(error: SandboxError) -> str:
    """What the console says."""
    return Messages().of_code(error.code, error.params)


@pytest.fixture(scope="module")
def kept_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a comma, a space and a letter that is not ASCII in its name."""
    return tmp_path_factory.mktemp("box") / "Mes données, hier"


@pytest.fixture(scope="module")
def own(kept_folder: Path) -> Iterator[Sandbox]:
    sandbox = Sandbox(kept_folder)
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def running(own: Sandbox) -> Running:
    return own.start()


def test_ready_means_bucket_index_and_queue_are_there(running: Running) -> None:
    with clients_of(running) as clients:
        clients.s3.put_object(Bucket="callup-sandbox", Key="first", Body=b"audio")
        clients.calls.insert_one({"call_id": "first"})
        with pytest.raises(DuplicateKeyError):
            clients.calls.insert_one({"call_id": "first"})
        clients.sqs.send_message(QueueUrl=running.queue_url, MessageBody="first")

        assert clients.s3.get_object(Bucket="callup-sandbox", Key="first")["Body"].read() == b"audio"
        assert running.queue_url.endswith("/transcription-tasks")
        assert (running.bucket, running.database) == ("callup-sandbox", "callup")


def test_the_profile_leads_to_the_running_servers_without_a_secret(running: Running) -> None:
    profile = load_profile(running.profile)

    assert profile.credentials == "sandbox"
    assert (profile.endpoint, profile.mongo_uri) == (running.s3_endpoint, running.mongo_uri)
    assert (profile.bucket, profile.database, profile.collection) == (running.bucket, running.database, "calls")
    assert profile.queue_url == running.queue_url
    assert address_of(profile.queue_url, profile.region).endpoint == running.sqs_endpoint
    assert running.secret_access_key not in running.profile.read_text(encoding="utf-8")


def test_the_keys_lie_beside_the_profile_for_this_user_only(running: Running) -> None:
    file = running.profile.with_name("keys.json")
    keys = json.loads(file.read_text(encoding="utf-8"))

    assert (keys["access_key_id"], keys["secret_access_key"]) == (running.access_key_id, running.secret_access_key)
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_store_refuses_other_keys(running: Running) -> None:
    stranger = replace(running, secret_access_key="not-the-key")
    with clients_of(stranger) as clients, pytest.raises(ClientError) as refused:
        clients.s3.list_buckets()

    assert refused.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_a_second_owner_is_refused_in_a_sentence_and_the_first_goes_on(running: Running) -> None:
    with pytest.raises(SandboxError) as refused:
        Sandbox(running.profile.parent).start()

    assert sentence(refused.value).startswith("Another CallUp runs the sandbox")
    assert str(running.profile.parent) in sentence(refused.value)
    with clients_of(running) as clients:
        assert clients.s3.list_buckets()["Buckets"]


def test_acknowledged_parts_and_documents_outlive_the_kill_of_their_servers(own: Sandbox, running: Running) -> None:
    with clients_of(running) as clients:
        upload_id = clients.s3.create_multipart_upload(Bucket=running.bucket, Key="long")["UploadId"]
        part = clients.s3.upload_part(Bucket=running.bucket, Key="long", UploadId=upload_id, PartNumber=1, Body=PART)
        clients.calls.insert_one({"call_id": "acknowledged"})

    for server in (Server.S3, Server.MONGO):
        own.kill(server)
    assert set(own.fallen()) == {Server.S3, Server.MONGO}
    for server in (Server.S3, Server.MONGO):
        own.restart(server)

    assert own.fallen() == ()
    with clients_of(running) as clients:
        stored = clients.s3.list_parts(Bucket=running.bucket, Key="long", UploadId=upload_id)["Parts"]
        assert [(held["ETag"], held["Size"]) for held in stored] == [(part["ETag"], len(PART))]
        assert clients.calls.count_documents({"call_id": "acknowledged"}) == 1
        clients.s3.abort_multipart_upload(Bucket=running.bucket, Key="long", UploadId=upload_id)


def test_a_killed_queue_comes_back_empty_on_the_same_address(own: Sandbox, running: Running) -> None:
    with clients_of(running) as clients:
        clients.sqs.send_message(QueueUrl=running.queue_url, MessageBody="gone with the server")
        own.kill(Server.SQS)
        own.restart(Server.SQS)

        assert "Messages" not in clients.sqs.receive_message(QueueUrl=running.queue_url, WaitTimeSeconds=0)


def test_the_next_start_finds_keys_addresses_objects_and_documents_again(own: Sandbox, running: Running) -> None:
    with clients_of(running) as clients:
        clients.s3.put_object(Bucket=running.bucket, Key="kept", Body=b"audio")
        clients.calls.insert_one({"call_id": "kept"})
    own.stop()

    again = own.start()

    assert again == running
    with clients_of(again) as clients:
        assert clients.s3.get_object(Bucket=again.bucket, Key="kept")["Body"].read() == b"audio"
        assert clients.calls.count_documents({"call_id": "kept"}) == 1


def test_no_server_writes_the_secret_into_its_log(running: Running) -> None:
    logs = list((running.profile.parent / "logs").iterdir())

    assert {log.name for log in logs} == {"s3.log", "mongo.log", "sqs.log"}
    assert all(running.secret_access_key not in log.read_text(encoding="utf-8", errors="replace") for log in logs)


def test_a_port_that_was_taken_after_the_choice_is_replaced(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", choose_ports(1)[0]))) as stranger:
        taken: int = stranger.getsockname()[1]
        choices: list[int] = []

        def unlucky_at_first(count: int) -> tuple[int, ...]:
            choices.append(count)
            ports = choose_ports(count)
            return (taken, *ports[1:]) if len(choices) <= len(Server) else ports

        with Sandbox(tmp_path, choose_ports=unlucky_at_first) as running, clients_of(running) as clients:
            assert clients.s3.list_buckets()["Buckets"]
            assert len(choices) > len(Server)
            assert str(taken) not in running.as_json()


@posix
def test_a_server_whose_local_socket_is_lost_gets_other_ports(tmp_path: Path) -> None:
    choices: list[tuple[int, ...]] = []
    in_the_way: list[Path] = []

    def without_a_place_for_a_socket_at_first(count: int) -> tuple[int, ...]:
        ports = choose_ports(count)
        if count > 1:
            choices.append(ports)
            if len(choices) == 1:
                volume = local_sockets(ports[2])
                in_the_way.append(next(path for path in volume if "volume" in path.name))
                (in_the_way[0] / "kept").mkdir(parents=True)
        return ports

    sandbox = Sandbox(tmp_path, choose_ports=without_a_place_for_a_socket_at_first, start_timeout=20)
    try:
        with sandbox as running, clients_of(running) as clients:
            assert clients.s3.list_buckets()["Buckets"]
            assert running.s3_endpoint.endswith(f":{choices[1][0]}")
            left = {path for port in choices[0] for path in local_sockets(port) if path.exists()}
            assert left == set(in_the_way)
    finally:
        shutil.rmtree(in_the_way[0])


def test_a_server_that_cannot_read_its_data_is_named_with_its_last_words(damaged_folder: Path) -> None:
    with pytest.raises(SandboxError) as refused:
        Sandbox(damaged_folder).start()

    assert "mongo server ended" in sentence(refused.value)
    assert "WiredTiger" in refused.value.detail


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_bytes(b"")

    with pytest.raises(SandboxError) as refused:
        Sandbox(in_the_way / "box").start()

    assert "cannot use its folder" in sentence(refused.value)
    assert str(in_the_way / "box") in sentence(refused.value)


@posix
def test_a_temporary_folder_that_takes_no_sockets_is_named_with_who_can_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tmp"
    monkeypatch.setattr(ports, "_FOLDER", folder)

    with pytest.raises(SandboxError) as refused:
        Sandbox(tmp_path / "box").start()

    assert "administrator" in sentence(refused.value)
    assert str(folder) in sentence(refused.value)
    assert not (tmp_path / "box").exists()


def test_a_computer_without_a_free_port_is_told_so_and_not_that_its_folder_is_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", choose_ports(1)[0]))) as stranger:
        taken: int = stranger.getsockname()[1]
        monkeypatch.setattr(ports, "_FIRST", taken)
        monkeypatch.setattr(ports, "_LAST", taken + 1)

        with pytest.raises(SandboxError) as refused:
            Sandbox(tmp_path / "box").start()

    assert refused.value.code is Code.SANDBOX_NO_PORTS
    assert "ports" in sentence(refused.value)


def test_keys_and_ports_that_cannot_be_read_are_made_anew(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text('{"access_key_id": "torn', encoding="utf-8")
    (tmp_path / "ports.json").write_text('{"s3": "many"}', encoding="utf-8")

    with Sandbox(tmp_path) as running, clients_of(running) as clients:
        assert clients.s3.list_buckets()["Buckets"]


def test_the_installed_program_says_that_it_has_no_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    with pytest.raises(SandboxError) as refused:
        Sandbox(tmp_path / "box").start()

    assert "not part of the installed program" in sentence(refused.value)
    assert not (tmp_path / "box").exists()


def test_a_python_for_which_a_server_is_not_built_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(package: str) -> object:
        if package == "secantusdb":
            raise PackageNotFoundError
        return object()

    monkeypatch.setattr(servers, "distribution", absent)
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))

    with pytest.raises(SandboxError) as refused:
        servers.require_installed()

    assert refused.value.code is Code.SANDBOX_NOT_FOR_THIS_PYTHON


@posix
def test_a_port_beside_which_another_user_left_a_socket_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = choose_ports(1)
    left = next(path for path in local_sockets(port) if "master" in path.name)
    left.touch()
    try:
        assert are_free((port,))
        me = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: me + 1)
        assert not are_free((port,))
    finally:
        left.unlink()


def test_a_sandbox_that_has_ended_left_no_socket_in_the_temporary_folder(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path)
    with sandbox:
        sandbox.kill(Server.S3)
    ports = json.loads((tmp_path / "ports.json").read_text(encoding="utf-8"))[Server.S3]

    assert not [path for port in ports for path in local_sockets(port) if path.exists()]
