"""What callers see of their calls: pages, filters, cursors, ETags."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from callup_desktop.engine.ports import Algorithm
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.s3.requests import checksum_of
from tests.cli.console import wav
from tests.gateway.clients import FIELDS, by_requests
from tests.gateway.conftest import QUICK
from tests.gateway.look import Look
from tests.gateway.replica import Replica, replica

TOKEN = "list-token"
SOME_CALL = "550e8400-e29b-41d4-a716-446655440000"


class Listing:
    """A caller of its own, with seven calls."""

    def __init__(self, where: Replica, token: str) -> None:
        self.where = where
        self.headers = {"Authorization": f"Bearer {token}"}
        self.ids: list[str] = []

    def send(self, file: Path, **fields: str) -> None:
        answer = by_requests(self.where.upload, {**FIELDS, **fields}, file, self.headers)
        assert answer.status == 201, answer.text
        self.ids.append(answer.json["call_id"])

    def ask(
        self, path: str = "", query: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        wanted = {name: str(value) for name, value in (query or {}).items()}
        url = f"{self.where.address}/api/v1/calls{path}"
        return requests.get(url, wanted, headers={**self.headers, **(headers or {})}, timeout=10)

    def pages(self, **query: object) -> Iterator[dict[str, Any]]:
        page = self.ask("", query).json()
        yield page
        while page["next_cursor"]:
            page = self.ask("", {**query, "cursor": page["next_cursor"]}).json()
            yield page

    def seen(self, **query: object) -> list[str]:
        return [call["call_id"] for page in self.pages(**query) for call in page["calls"]]


@pytest.fixture(scope="module")
def listing(sandbox: Running, folder: Path, recordings: Mapping[str, Path]) -> Iterator[Listing]:
    entry = {"sha256": hashlib.sha256(TOKEN.encode()).hexdigest(), "caller": f"lister-{uuid4()}"}
    with replica(sandbox.profile, folder / "list", tokens=json.dumps([entry]), **QUICK) as running:
        listing = Listing(running, TOKEN)
        for number in range(7):
            kind = "sales" if number % 2 else "demo"
            company = "Globex" if number == 3 else "Acme Corp"
            listing.send(recordings["mp3"], call_type=kind, company_name=company)
        yield listing


def test_pages_hold_every_call_once_newest_first(listing: Listing) -> None:
    pages = list(listing.pages(limit=3))

    assert [len(page["calls"]) for page in pages] == [3, 3, 1]
    assert [call["call_id"] for page in pages for call in page["calls"]] == listing.ids[::-1]


def test_filters_go_together(listing: Listing, look: Look) -> None:
    look.calls.update_one({"_id": listing.ids[2]}, {"$set": {"status": "completed", "audio.duration_seconds": 12.5}})

    assert listing.seen(call_type="sales", limit=2) == [listing.ids[at] for at in (5, 3, 1)]
    assert listing.seen(company="Globex") == [listing.ids[3]]
    assert listing.seen(status="completed", limit=2) == [listing.ids[2]]
    assert listing.seen(status="uploaded", call_type="demo", company="Acme Corp", limit=1) == [
        listing.ids[at] for at in (6, 4, 0)
    ]
    assert listing.ask(f"/{listing.ids[2]}").json()["audio"]["duration_seconds"] == 12.5


def test_filters_and_ids_are_read_as_the_form_reads_its_fields(listing: Listing) -> None:
    assert listing.seen(call_type=" SALES ") == [listing.ids[at] for at in (5, 3, 1)]
    assert listing.seen(company="  Acme \u00a0 Corp ", call_type="Sales") == [listing.ids[at] for at in (5, 1)]
    assert listing.ask(f"/{listing.ids[0].upper()}").json()["call_id"] == listing.ids[0]


def test_heads_are_answered_as_monitors_ask_for_them(listing: Listing) -> None:
    for path in ("/health/ready", "/api/v1/calls", f"/api/v1/calls/{listing.ids[0]}", "/metrics", "/docs"):
        answer = requests.head(listing.where.address + path, headers=listing.headers, timeout=10)

        assert (answer.status_code, answer.content) == (200, b""), path


def test_a_call_that_did_not_change_is_not_sent_again(listing: Listing, look: Look) -> None:
    path = f"/{listing.ids[0]}"
    first = listing.ask(path)
    tag = first.headers["etag"]

    same = listing.ask(path, headers={"If-None-Match": tag})
    look.calls.update_one({"_id": listing.ids[0]}, {"$set": {"status": "transcribing"}})
    changed = listing.ask(path, headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (changed.status_code, changed.json()["status"]) == (200, "transcribing")
    assert changed.headers["etag"] != tag
    page = listing.ask("", {"limit": 2})
    known = {"If-None-Match": f'"x", W/{page.headers["etag"]}'}
    assert listing.ask("", {"limit": 2}, known).status_code == 304


def test_the_statuses_of_many_calls_are_told_at_once_and_of_nobody_elses(listing: Listing, look: Look) -> None:
    theirs, row, document = str(uuid4()), look.uploads.find_one({"_id": listing.ids[0]}), look.document(listing.ids[0])
    assert row is not None
    look.uploads.insert_one({**row, "_id": theirs, "caller": "somebody else"})
    look.calls.insert_one({**document, "_id": theirs, "call_id": theirs})
    look.calls.update_one({"_id": listing.ids[1]}, {"$set": {"status": "analyzing"}})
    asked = [*listing.ids[:2], theirs, str(uuid4())]

    found = listing.ask("", {"ids": ",".join(asked)})

    assert found.json() == {"statuses": {listing.ids[0]: _status(look, listing.ids[0]), listing.ids[1]: "analyzing"}}
    assert listing.ask("", {"ids": ",".join(asked)}, {"If-None-Match": found.headers["etag"]}).status_code == 304


def _status(look: Look, call_id: str) -> str:
    return str(look.document(call_id)["status"])


@pytest.fixture(scope="module")
def company(sandbox: Running, folder: Path) -> Iterator[Mapping[str, Listing]]:
    """Two colleagues, and somebody of another company."""
    entries = [
        {"sha256": hashlib.sha256(name.encode()).hexdigest(), "caller": name, "tenant": tenant}
        for name, tenant in (("ann", "acme"), ("bob", "acme"), ("eve", "globex"))
    ]
    with replica(sandbox.profile, folder / "company", tokens=json.dumps(entries), **QUICK) as running:
        yield {entry["caller"]: Listing(running, entry["caller"]) for entry in entries}


def test_a_recording_that_a_colleague_sent_is_told_within_the_company_and_to_nobody_else(
    company: Mapping[str, Listing], tmp_path: Path
) -> None:
    recording = wav(tmp_path / "one.wav", seed=uuid4().int)
    data = recording.read_bytes()
    crc64nvme = checksum_of(Algorithm.CRC64NVME, (memoryview(data),))
    asked = {"crc64nvme": crc64nvme, "size": len(data)}
    before = company["bob"].ask("", asked).json()

    company["ann"].send(recording)

    (told,) = company["bob"].ask("", asked).json()["same_recording"]
    (call,) = company["ann"].ask().json()["calls"]
    assert before == {"same_recording": []}
    assert told == {"call_id": company["ann"].ids[-1], "sent_by": "ann", "sent_at": call["uploaded_at"]}
    assert company["ann"].ask("", asked).json()["same_recording"] == [told]
    assert company["eve"].ask("", asked).json() == {"same_recording": []}
    assert company["bob"].ask("", {**asked, "size": len(data) + 1}).json() == {"same_recording": []}


def cursor(moment: str, call_id: object) -> str:
    """One that no page ever gave."""
    return base64.urlsafe_b64encode(json.dumps([moment, call_id]).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "many"},
        {"status": "lost"},
        {"cursor": "zzz"},
        {"cursor": "WyJ4IiwieSJd"},
        {"cursor": "e30"},
        {"cursor": "\x00"},
        {"cursor": cursor("0001-01-01T00:00:00+23:59", SOME_CALL)},
        {"cursor": cursor("9999-12-31T23:59:59-23:59", SOME_CALL)},
        {"cursor": cursor("2026-11-27T00:00:00+00:00", "\ud800")},
        {"cursor": cursor("2026-11-27T00:00:00+00:00", {"$gt": ""})},
        {"ids": "x"},
        {"ids": ",".join(f"550e8400-e29b-41d4-a716-{number:012}" for number in range(101))},
        {"crc64nvme": "AAAAAAAAAAA"},
        {"company": ""},
        {"company": "a\x00b"},
    ],
    ids=str,
)
def test_a_query_that_means_nothing_is_refused_by_the_fields_name(query: dict[str, object], listing: Listing) -> None:
    answer = listing.ask("", query)

    assert (answer.status_code, answer.json()["type"]) == (400, "bad_query")
    assert [error["field"] for error in answer.json()["errors"]] == list(query)


@pytest.mark.parametrize(("given", "missing"), [({"crc64nvme": "AAAAAAAAAAA="}, "size"), ({"size": 1}, "crc64nvme")])
def test_half_of_what_makes_a_recording_is_refused_by_the_other_half(
    given: dict[str, object], missing: str, listing: Listing
) -> None:
    answer = listing.ask("", given)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [missing])


def test_calls_that_do_not_exist_or_are_no_id(listing: Listing) -> None:
    assert listing.ask(f"/{uuid4()}").json()["type"] == "no_such_call"
    assert listing.ask("/not-an-id").status_code == 400


def test_addresses_and_methods_that_do_not_exist_are_problems_too(listing: Listing) -> None:
    nowhere = requests.get(f"{listing.where.address}/nowhere", timeout=10)
    wrong = requests.delete(f"{listing.where.address}/api/v1/calls", timeout=10)
    opened = requests.get(listing.where.upload, timeout=10)

    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "no_such_page")
    assert (wrong.status_code, wrong.json()["type"], wrong.headers["allow"]) == (405, "wrong_method", "GET")
    assert (opened.status_code, opened.json()["type"], opened.headers["allow"]) == (405, "wrong_method", "POST")
