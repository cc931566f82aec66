"""One Idempotency-Key is one call, whatever dies in between and wherever the repeat arrives."""

import threading
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.faults.laptop import Network
from tests.faults.proxy import Exchange
from tests.gateway.clients import CLIENTS, FIELDS, Answer, by_curl
from tests.gateway.conftest import QUICK
from tests.gateway.look import Before, Look
from tests.gateway.raw import answer_on, connected, form_of, head
from tests.gateway.replica import Replica, eventually, replica, write_profile

LEASE = 2.0
MORTAL = {**QUICK, "lease": LEASE}


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def second(sandbox: Running, folder: Path) -> Iterator[Replica]:
    """Another replica over the same servers; it looks for what others left only when asked."""
    with replica(sandbox.profile, folder / "second", **{**MORTAL, "relay_interval": 3600}) as running:
        yield running


def send(where: Replica, file: Path, key: str, **fields: str) -> Answer:
    return by_curl(where.upload, {**FIELDS, **fields}, file, {"Idempotency-Key": key})


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_a_repeat_gets_the_same_receipt_and_makes_no_second_call(
    name: str, gateway: Replica, second: Replica, recordings: Mapping[str, Path], look: Look, key: str
) -> None:
    headers = {"Idempotency-Key": key}
    first = CLIENTS[name](gateway.upload, FIELDS, recordings["flac"], headers)
    before = Before.of(look)

    again = CLIENTS[name](second.upload, FIELDS, recordings["flac"], headers)

    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert again.headers["location"] == first.headers["location"]
    before.assert_nothing_added()


def test_a_repeat_of_a_long_recording_is_compared_byte_for_byte(
    gateway: Replica, long_call: Path, tmp_path: Path, look: Look, key: str
) -> None:
    first = send(gateway, long_call, key)
    before = Before.of(look)
    changed = tmp_path / "changed.wav"
    data = bytearray(long_call.read_bytes())
    data[-1] ^= 1
    changed.write_bytes(data)

    assert send(gateway, long_call, key).json == first.json
    other = send(gateway, changed, key)
    assert (other.status, other.json["type"]) == (422, "key_of_another_call")
    before.assert_nothing_added()


def test_a_key_that_comes_with_other_fields_is_refused(
    gateway: Replica, recordings: Mapping[str, Path], look: Look, key: str
) -> None:
    assert send(gateway, recordings["mp3"], key).status == 201
    before = Before.of(look)

    other = send(gateway, recordings["mp3"], key, company_name="Globex")

    assert (other.status, other.json["type"]) == (422, "key_of_another_call")
    before.assert_nothing_added()


def test_a_request_that_is_under_way_keeps_its_key_to_itself(
    gateway: Replica, second: Replica, long_call: Path, recordings: Mapping[str, Path], look: Look, key: str
) -> None:
    body = form_of(long_call)
    with connected(gateway) as sock:
        sock.sendall(head(len(body), headers=[f"Idempotency-Key: {key}"]) + body[: len(body) // 2])
        eventually(lambda: look.uploads.find_one({"idempotency_key": key}), "the first request holds the key")

        answer = send(second, recordings["mp3"], key)

        assert (answer.status, answer.json["type"]) == (409, "same_key_under_way")
        assert int(answer.headers["retry-after"]) >= 1
        sock.sendall(body[len(body) // 2 :])
        assert answer_on(sock).status == 201


def test_of_many_at_once_with_one_key_one_makes_the_call(
    gateway: Replica, second: Replica, recordings: Mapping[str, Path], look: Look, key: str
) -> None:
    documents, answers = look.calls.count_documents({}), []

    def one(where: Replica) -> None:
        answers.append(send(where, recordings["wav"], key))

    threads = [threading.Thread(target=one, args=(where,)) for where in (gateway, second) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.json["call_id"] for answer in answers if answer.status == 201}) == 1
    assert look.calls.count_documents({}) == documents + 1


def test_after_a_replica_died_half_way_the_repeat_at_another_one_makes_the_call_once(
    sandbox: Running, folder: Path, second: Replica, long_call: Path, look: Look, key: str
) -> None:
    body = form_of(long_call)
    before = Before.of(look)
    with replica(sandbox.profile, folder / "mortal", **MORTAL) as mortal, connected(mortal) as sock:
        sock.sendall(head(len(body), headers=[f"Idempotency-Key: {key}"]) + body[: len(body) * 3 // 4])
        row = eventually(
            lambda: look.uploads.find_one({"idempotency_key": key, "upload_id": {"$exists": True}}), "parts"
        )
        mortal.kill()

    first = send(second, long_call, key)
    assert (first.status, int(first.headers["retry-after"]) >= 1) == (409, True)
    answer = eventually(lambda: _unless_busy(send(second, long_call, key)), "the lease of the dead ends")

    assert answer.status == 201
    document = look.document(answer.json["call_id"])
    assert look.content(document["audio"]["s3_key"]) == long_call.read_bytes()
    assert not look.open_uploads() & {row["key"]}
    assert look.uploads.count_documents({"idempotency_key": key}) == 1
    assert len(look.stored_keys() - before.things) == 1


def _unless_busy(answer: Answer) -> Answer | None:
    return None if answer.status == 409 else answer


def test_a_replica_that_died_after_storing_is_finished_by_the_repeat(
    sandbox: Running,
    folder: Path,
    second: Replica,
    recordings: Mapping[str, Path],
    proxies: Network,
    look: Look,
    key: str,
) -> None:
    path = write_profile(folder / "dying", proxies.profile, sandbox.profile)
    with replica(path, folder / "dying", **MORTAL) as dying:

        def dies(put: Exchange) -> None:
            put.forward()
            dying.kill()
            put.reply()

        proxies.s3.plan.order("put", dies)
        body = form_of(recordings["wav"])
        with connected(dying) as sock:
            sock.sendall(head(len(body), headers=[f"Idempotency-Key: {key}"]) + body)
            eventually(lambda: dying.process.poll() is not None, "the replica dies")
    proxies.forget()
    row = look.uploads.find_one({"idempotency_key": key})
    assert row is not None
    assert row["key"] in look.stored_keys()

    answer = eventually(lambda: _unless_busy(send(second, recordings["wav"], key)), "the lease of the dead ends")

    assert (answer.status, answer.json["call_id"]) == (201, row["_id"])
    assert look.document(row["_id"])["audio"]["s3_key"] == row["key"]


def test_a_refused_request_leaves_its_key_free_for_a_better_one(
    gateway: Replica, recordings: Mapping[str, Path], key: str
) -> None:
    assert send(gateway, recordings["mp3"], key, contact_email="nobody").status == 400
    assert send(gateway, recordings["mp3"], key).status == 201
