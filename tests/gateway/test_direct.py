"""Direct uploads as a laptop without keys makes them: the storage gets the bytes, the gateway hears all else."""

import hashlib
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from callup_desktop.engine.parts import SMALLEST_PART
from callup_desktop.sandbox.embedded import Running
from tests.cli.console import wav
from tests.faults.laptop import Network
from tests.faults.proxy import Exchange
from tests.gateway.clients import FIELDS
from tests.gateway.conftest import QUICK
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.look import Before, Look
from tests.gateway.replica import Replica, eventually, replica, write_profile
from tests.services.outside import crc64nvme

REP, COLLEAGUE, STRANGER = "rep-token", "colleague-token", "stranger-token"
ENTRIES = json.dumps(
    [
        {"sha256": hashlib.sha256(token.encode()).hexdigest(), "caller": caller, "tenant": tenant}
        for token, caller, tenant in (
            (REP, "rep", "direct"),
            (COLLEAGUE, "colleague", "direct"),
            (STRANGER, "rep", "globex"),
        )
    ]
)
SETTINGS = {**QUICK, "tokens": ENTRIES}
BRIEF = {"urls_last": 1, "complete_within": 0}


Where = Inside | Replica


@dataclass
class Laptop:
    """A laptop with one recording, and a token in place of keys."""

    data: bytes
    format: str = "wav"
    token: str = REP
    call_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def ask(
        self, where: Where, method: str, path: str = "", body: Any = None, *, accept_encoding: str = "gzip"
    ) -> requests.Response:
        url = f"{where.address}/api/v1/uploads/{self.call_id}{path}"
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": accept_encoding}
        return requests.request(method, url, json=body, headers=headers, timeout=60)

    def declared(self, **other: object) -> dict[str, object]:
        content = {"size": len(self.data), "format": self.format, "crc64nvme": crc64nvme(self.data)}
        return {**content, "part_size": SMALLEST_PART, "metadata": FIELDS, **other}

    def begin(self, where: Where, **other: object) -> requests.Response:
        return self.ask(where, "PUT", body=self.declared(**other))

    def part(self, number: int) -> bytes:
        return self.data[(number - 1) * SMALLEST_PART : number * SMALLEST_PART]

    def sign(self, where: Where, *numbers: int, accept_encoding: str = "gzip") -> requests.Response:
        parts = [self.part(number) for number in numbers]
        wanted = {"numbers": numbers, "lengths": [*map(len, parts)], "checksums": [*map(crc64nvme, parts)]}
        return self.ask(where, "POST", "/parts", wanted, accept_encoding=accept_encoding)

    def put(self, signed: Mapping[str, Any]) -> requests.Response:
        return requests.put(signed["url"], self.part(signed["number"]), headers=signed["headers"], timeout=60)

    def send(self, where: Where, *numbers: int) -> None:
        signed = self.sign(where, *numbers)
        assert signed.status_code == 200, signed.text
        for each in signed.json()["parts"]:
            assert self.put(each).status_code == 200

    def sent(self, where: Where) -> "Laptop":
        """The same, once all its parts are stored."""
        assert self.begin(where).status_code == 201
        self.send(where, *range(1, -(-len(self.data) // SMALLEST_PART) + 1))
        return self

    def look(self, where: Where) -> Any:
        return self.ask(where, "GET").json()

    def complete(self, where: Where) -> requests.Response:
        return self.ask(where, "POST", "/complete")

    def remove(self, where: Where) -> requests.Response:
        return self.ask(where, "DELETE")


@pytest.fixture(scope="module")
def first(sandbox: Running, folder: Path) -> Iterator[Inside]:
    with replica_inside(sandbox.profile, folder / "direct-1.log", **SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def second(sandbox: Running, folder: Path) -> Iterator[Inside]:
    """Another replica, whose URLs and patience are short."""
    with replica_inside(sandbox.profile, folder / "direct-2.log", **SETTINGS, **BRIEF) as running:
        yield running


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recording of two parts."""
    data = wav(tmp_path_factory.mktemp("direct") / "call.wav", seconds=30, seed=16).read_bytes()
    assert SMALLEST_PART < len(data) < 2 * SMALLEST_PART
    return data


@pytest.fixture
def short(recordings: Mapping[str, Path]) -> bytes:
    return recordings["wav"].read_bytes()


def key_of(look: Look, laptop: Laptop) -> str:
    found = look.uploads.find_one({"_id": laptop.call_id})
    assert found is not None
    return str(found["key"])


def bytes_read(where: Where) -> float:
    """Of request bodies, by what the replica tells of itself."""
    told = requests.get(f"{where.address}/metrics", timeout=10).text.splitlines()
    (line,) = [line for line in told if line.startswith("callup_received_bytes_total ")]
    return float(line.split()[1])


def test_a_recording_goes_to_the_storage_and_none_of_it_through_the_gateway(
    first: Inside, call: bytes, look: Look
) -> None:
    laptop, before = Laptop(call), bytes_read(first)
    begun = laptop.begin(first)
    assert (begun.status_code, begun.json()["stage"], begun.json()["parts"]) == (201, "open", [])
    laptop.send(first, 1, 2)
    assert [(each["number"], each["size"]) for each in laptop.look(first)["parts"]] == [
        (1, SMALLEST_PART),
        (2, len(call) - SMALLEST_PART),
    ]

    done = laptop.complete(first)

    assert (done.status_code, done.json()["status"]) == (201, "uploaded")
    assert done.headers["location"] == f"/api/v1/calls/{laptop.call_id}"
    document = look.document(laptop.call_id)
    assert look.content(document["audio"]["s3_key"]) == call
    assert look.message(laptop.call_id)["s3_key"] == document["audio"]["s3_key"]
    assert laptop.look(first)["stage"] == "registered"
    assert bytes_read(first) - before < 2_000
    assert "Signature" not in first.log.read_text(encoding="utf-8")


def test_a_repeat_of_the_beginning_is_one_upload_and_another_recording_is_not_let_in(
    first: Inside, second: Inside, call: bytes, look: Look
) -> None:
    laptop = Laptop(call)
    assert laptop.begin(first).status_code == 201
    laptop.send(first, 1)

    again = laptop.begin(second)
    others = [
        laptop.begin(second, crc64nvme=crc64nvme(b"other")),
        laptop.begin(second, metadata={**FIELDS, "company_name": "Globex"}),
    ]

    assert (again.status_code, [part["number"] for part in again.json()["parts"]]) == (200, [1])
    listed = look.s3.list_multipart_uploads(Bucket=look.bucket, Prefix=key_of(look, laptop))["Uploads"]
    assert len(listed) == 1
    assert {(other.status_code, other.json()["type"]) for other in others} == {(422, "other_content")}
    assert laptop.remove(first).status_code == 204


def test_a_complete_that_is_repeated_anywhere_makes_one_call(
    first: Inside, second: Inside, short: bytes, look: Look
) -> None:
    laptop = Laptop(short).sent(first)
    answers: list[requests.Response] = []
    threads = [
        threading.Thread(target=lambda where=where: answers.append(laptop.complete(where)))
        for where in (first, second, first, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    receipts = {answer.text for answer in answers if answer.status_code == 201}
    assert {answer.status_code for answer in answers} <= {201, 202, 409}
    last = eventually(lambda: _receipt(laptop.complete(second)), "the receipt at the other replica")
    assert receipts | {last.text} == {last.text}
    assert look.document(laptop.call_id)["audio"]["file_size_bytes"] == len(short)


def _receipt(answer: requests.Response) -> requests.Response | None:
    return answer if answer.status_code == 201 else None


def test_a_complete_that_takes_long_is_told_so_and_goes_on(
    first: Inside, second: Inside, short: bytes, look: Look
) -> None:
    laptop = Laptop(short).sent(first)

    told = laptop.complete(second)

    assert (told.status_code, told.json()["stage"], int(told.headers["retry-after"]) >= 1) == (202, "completing", True)
    assert eventually(lambda: _receipt(laptop.complete(second)), "the receipt").json()["call_id"] == laptop.call_id
    assert look.message(laptop.call_id)


def test_what_a_replica_was_completing_when_it_was_killed_is_finished_by_another(
    sandbox: Running, folder: Path, first: Inside, proxies: Network, short: bytes, look: Look
) -> None:
    laptop = Laptop(short).sent(first)
    path = write_profile(folder / "direct-killed", proxies.profile, sandbox.profile)
    with replica(path, path.parent, **{**SETTINGS, "lease": 2.0}) as victim:

        def dies(complete: Exchange) -> None:
            complete.read()
            complete.forward()
            victim.kill()
            complete.reset()

        proxies.of("complete").plan.order("complete", dies)
        with pytest.raises(requests.ConnectionError):
            laptop.complete(victim)
    proxies.forget()

    assert look.message(laptop.call_id)["s3_key"] == key_of(look, laptop)
    assert laptop.complete(first).json()["call_id"] == laptop.call_id
    assert look.content(look.document(laptop.call_id)["audio"]["s3_key"]) == short


def test_urls_are_compressed_for_whoever_can_read_that(first: Inside, call: bytes) -> None:
    laptop = Laptop(call)
    assert laptop.begin(first).status_code == 201

    compressed = laptop.sign(first, 1, 2)
    plain = laptop.sign(first, 1, 2, accept_encoding="identity")

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert "Content-Encoding" not in plain.headers
    for answer in (compressed, plain):
        assert answer.headers["Cache-Control"] == "no-store"
        assert [each["number"] for each in answer.json()["parts"]] == [1, 2]
        assert laptop.put(answer.json()["parts"][0]).status_code == 200


def test_a_laptop_that_slept_past_the_time_of_its_urls_has_them_signed_again(
    first: Inside, second: Inside, short: bytes
) -> None:
    laptop = Laptop(short)
    laptop.begin(first)
    (signed,) = laptop.sign(second, 1).json()["parts"]
    expires_at = datetime.fromisoformat(signed["expires_at"])
    eventually(lambda: datetime.now(UTC) > expires_at + timedelta(seconds=1), "its time is over")

    late = laptop.put(signed)

    assert late.status_code == 403, late.text
    assert laptop.look(first)["parts"] == []
    laptop.send(first, 1)
    assert laptop.complete(first).status_code == 201


def test_a_call_that_is_taken_back_leaves_nothing_and_its_urls_store_nothing(
    first: Inside, call: bytes, look: Look
) -> None:
    before = Before.of(look)
    laptop = Laptop(call)
    laptop.begin(first)
    laptop.send(first, 1)
    (signed,) = laptop.sign(first, 2).json()["parts"]

    assert laptop.remove(first).status_code == 204

    assert laptop.put(signed).status_code == 404
    assert laptop.remove(first).status_code in {204, 404}
    before.wait_until_nothing_is_added()
    assert laptop.look(first)["type"] == "no_such_call"


def test_a_registered_call_is_not_taken_back(first: Inside, short: bytes, look: Look) -> None:
    laptop = Laptop(short).sent(first)
    assert laptop.complete(first).status_code == 201

    refused = laptop.remove(first)

    assert (refused.status_code, refused.json()["type"]) == (409, "registered")
    assert look.content(look.document(laptop.call_id)["audio"]["s3_key"]) == short


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (b"Dear all, please find the minutes below.\n" * 4000, {}, "unsupported_type"),
        (None, {"format": "flac"}, "not_as_declared"),
        (None, {"crc64nvme": crc64nvme(b"another recording")}, "not_as_declared"),
    ],
    ids=["text", "another format", "another checksum"],
)
def test_what_is_not_the_recording_that_was_announced_is_deleted_and_stays_refused(
    data: bytes | None,
    declared: dict[str, object],
    code: str,
    first: Inside,
    second: Inside,
    short: bytes,
    look: Look,
) -> None:
    before = Before.of(look)
    laptop = Laptop(data or short)
    assert laptop.begin(first, **declared).status_code == 201
    laptop.send(first, 1)

    refused = laptop.complete(first)

    assert (refused.status_code, refused.json()["type"]) == (400, code)
    assert not look.stored_keys() - before.things
    eventually(lambda: not look.unfinished(), "it is cleaned up")
    assert laptop.begin(second, **declared).json()["type"] == code
    assert laptop.look(second)["type"] == code
    assert laptop.complete(second).json()["type"] == code
    assert laptop.remove(first).status_code == 204
    before.wait_until_nothing_is_added()


def test_a_call_whose_parts_are_not_all_there_waits_for_them(first: Inside, call: bytes) -> None:
    laptop = Laptop(call)
    laptop.begin(first)
    laptop.send(first, 2)

    early = laptop.complete(first)

    assert (early.status_code, early.json()["type"]) == (409, "parts_missing")
    laptop.send(first, 1)
    assert laptop.complete(first).status_code == 201


def test_an_upload_that_the_storage_ended_is_begun_again(first: Inside, short: bytes, look: Look) -> None:
    laptop = Laptop(short).sent(first)
    row = look.uploads.find_one({"_id": laptop.call_id})
    assert row is not None
    look.s3.abort_multipart_upload(Bucket=look.bucket, Key=row["key"], UploadId=row["upload_id"])
    assert laptop.look(first)["stage"] == "lost"
    assert laptop.complete(first).json()["type"] == "upload_not_open"

    again = laptop.begin(first)

    assert (again.status_code, again.json()["stage"], again.json()["parts"]) == (200, "open", [])
    laptop.send(first, 1)
    assert laptop.complete(first).status_code == 201


@pytest.fixture(scope="module")
def cut_off(sandbox: Running, folder: Path, proxies: Network) -> Iterator[Inside]:
    """A replica whose way to each server can be cut; what it leaves is for others to look for."""
    path = write_profile(folder / "direct-cut-off", proxies.profile, sandbox.profile)
    with replica_inside(path, folder / "direct-3.log", **{**SETTINGS, "relay_interval": 3600}) as running:
        yield running


def test_storage_that_is_away_costs_a_laptop_nothing_but_time(
    cut_off: Inside, network: Network, call: bytes, look: Look
) -> None:
    laptop = Laptop(call)
    network.s3.go_down()
    away = laptop.begin(cut_off)
    assert (away.status_code, away.json()["type"], int(away.headers["retry-after"]) >= 1) == (503, "upload_waits", True)
    network.s3.come_back()
    begun = laptop.begin(cut_off)
    assert (begun.status_code, begun.json()["stage"]) == (200, "open")
    laptop.send(cut_off, 1, 2)

    network.s3.go_down()
    assert laptop.complete(cut_off).json()["type"] == "upload_waits"
    network.s3.come_back()

    assert _receipt(laptop.complete(cut_off))
    assert look.content(look.document(laptop.call_id)["audio"]["s3_key"]) == call


def test_a_registry_that_is_lost_while_a_call_is_registered_leaves_it_to_be_finished(
    cut_off: Inside, first: Inside, network: Network, short: bytes, look: Look
) -> None:
    laptop = Laptop(short).sent(first)

    def answers_are_lost(exchange: Exchange) -> None:
        exchange.forward()
        exchange.reset()

    network.mongo.plan.order("register", answers_are_lost, times=None)
    told = laptop.complete(cut_off)
    network.mongo.plan.lift()

    assert (told.status_code, told.json()["type"]) == (503, "upload_waits")
    assert look.message(laptop.call_id)["s3_key"] == look.document(laptop.call_id)["audio"]["s3_key"]
    assert eventually(lambda: _receipt(laptop.complete(first)), "the receipt").json()["call_id"] == laptop.call_id


def test_anothers_call_is_one_that_does_not_exist(first: Inside, short: bytes) -> None:
    laptop = Laptop(short).sent(first)
    for token in (COLLEAGUE, STRANGER):
        other = Laptop(short, token=token, call_id=laptop.call_id)
        nobodys = Laptop(short, token=token)
        asked = [other.begin(first), other.sign(first, 1), other.ask(first, "GET"), other.complete(first)]
        unknown = [nobodys.sign(first, 1), nobodys.ask(first, "GET"), nobodys.complete(first), nobodys.remove(first)]

        told = {_told(answer) for answer in [*asked, other.remove(first), *unknown]}

        assert [(status, text["type"]) for status, text in map(_parsed, told)] == [(404, "no_such_call")]
    assert laptop.look(first)["stage"] == "open"
    assert laptop.remove(first).status_code == 204


def _told(answer: requests.Response) -> tuple[int, str]:
    """All that is said, but for the request's own id."""
    return answer.status_code, json.dumps({**answer.json(), "request_id": ""})


def _parsed(told: tuple[int, str]) -> tuple[int, Any]:
    return told[0], json.loads(told[1])


def test_a_call_that_was_registered_otherwise_is_nobodys_to_begin(first: Inside, short: bytes, look: Look) -> None:
    laptop = Laptop(short)
    look.calls.insert_one({"_id": laptop.call_id, "call_id": laptop.call_id, "status": "uploaded"})

    assert laptop.begin(first).json()["type"] == "no_such_call"
    look.calls.delete_one({"_id": laptop.call_id})


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"numbers": [2]}, "numbers"),
        ({"numbers": [0]}, "numbers.0"),
        ({"lengths": [17]}, "lengths"),
        ({"lengths": []}, "lengths"),
        ({"checksums": ["AAAA"]}, "checksums.0"),
        ({"numbers": [1] * 17}, "numbers"),
        ({"surprise": 1}, "surprise"),
    ],
    ids=str,
)
def test_parts_that_are_none_of_the_recording_are_not_signed(
    wanted: dict[str, object], field: str, first: Inside, refusing: Laptop
) -> None:
    right = {"numbers": [1], "lengths": [len(refusing.data)], "checksums": [crc64nvme(refusing.data)]}

    answer = refusing.ask(first, "POST", "/parts", {**right, **wanted})

    assert (answer.status_code, answer.json()["type"]) == (400, "bad_query")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.fixture(scope="module")
def refusing(first: Inside, recordings: Mapping[str, Path]) -> Iterator[Laptop]:
    laptop = Laptop(recordings["wav"].read_bytes())
    assert laptop.begin(first).status_code == 201
    yield laptop
    assert laptop.remove(first).status_code == 204


@pytest.mark.parametrize(
    ("declared", "status", "code"),
    [
        ({"size": 0}, 400, "empty"),
        ({"size": 2 * 1024**3}, 413, "too_large"),
        ({"part_size": 1000}, 400, "bad_query"),
        ({"format": "ogg"}, 400, "bad_query"),
        ({"metadata": {**FIELDS, "contact_email": "nobody"}}, 400, "form_fields"),
        ({"metadata": {**FIELDS, "company_name": "x" * 70_000}}, 400, "bad_query"),
    ],
    ids=["empty", "too large", "tiny parts", "format", "details", "endless"],
)
def test_what_can_never_be_a_call_is_not_begun(
    declared: dict[str, object], status: int, code: str, first: Inside, short: bytes, look: Look
) -> None:
    before = Before.of(look)

    refused = Laptop(short).begin(first, **declared)

    assert (refused.status_code, refused.json()["type"]) == (status, code)
    before.assert_nothing_added()


def test_nobody_without_a_token_is_listened_to(first: Inside, short: bytes) -> None:
    assert (
        Laptop(short, token="found").begin(first, metadata={**FIELDS, "company_name": "x" * 70_000}).status_code == 401
    )
