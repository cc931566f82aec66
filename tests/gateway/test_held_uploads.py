"""Direct uploads that are registered by a request of their own, with the details of then: what goes wrong with them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from callup_desktop.sandbox.embedded import Running
from tests.gateway.clients import FIELDS
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.look import Before, Look
from tests.gateway.replica import eventually
from tests.gateway.test_direct import COLLEAGUE, SETTINGS, STRANGER, Laptop

GLOBEX = {**FIELDS, "company_name": "Globex"}


class HoldingLaptop(Laptop):
    """Begins without details."""

    def declared(self, **other: object) -> dict[str, object]:
        declared = super().declared(**other)
        declared.pop("metadata")
        return declared

    def register(self, where: Inside, metadata: Mapping[str, object] = FIELDS) -> requests.Response:
        return self.ask(where, "POST", "/register", {"metadata": metadata})

    def edit(self, where: Inside, metadata: Mapping[str, object] = GLOBEX) -> requests.Response:
        url = f"{where.address}/api/v1/calls/{self.call_id}"
        body: Any = {"metadata": metadata, "edited_at": datetime.now(UTC).isoformat()}
        return requests.patch(url, json=body, headers={"Authorization": f"Bearer {self.token}"}, timeout=60)


def told(answer: requests.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("type")


@pytest.fixture(scope="module")
def where(sandbox: Running, folder: Path) -> Iterator[Inside]:
    with replica_inside(sandbox.profile, folder / "held.log", **SETTINGS) as running:
        yield running


@pytest.fixture
def laptop(recordings: Mapping[str, Path]) -> HoldingLaptop:
    return HoldingLaptop(recordings["wav"].read_bytes())


def test_it_waits_stored_until_its_sender_registers_it_and_a_repeat_changes_nothing(
    where: Inside, laptop: HoldingLaptop, look: Look
) -> None:
    laptop.sent(where)
    assert told(laptop.register(where)) == (409, "upload_not_open")

    stored = [laptop.complete(where) for _ in range(2)]

    assert {(answer.status_code, answer.json()["stage"]) for answer in stored} == {(200, "stored")}
    assert stored[0].json()["etag"]
    assert look.calls.find_one({"_id": laptop.call_id}) is None
    assert not [row for row in look.unfinished() if row["_id"] == laptop.call_id]
    assert [laptop.register(where).status_code for _ in range(2)] == [201, 201]
    assert look.document(laptop.call_id)["metadata"] == FIELDS
    assert laptop.complete(where).json()["stage"] == "registered"
    assert told(laptop.remove(where)) == (409, "registered")


def test_details_that_are_not_complete_leave_it_stored(where: Inside, laptop: HoldingLaptop, look: Look) -> None:
    laptop.sent(where)
    laptop.complete(where)

    refused = laptop.register(where, {**FIELDS, "contact_email": "nobody"})

    assert told(refused) == (400, "form_fields")
    assert laptop.look(where)["stage"] == "stored"
    assert laptop.register(where).status_code == 201
    assert look.document(laptop.call_id)["metadata"] == FIELDS


def test_what_is_no_recording_is_stored_but_never_registered(where: Inside, look: Look) -> None:
    before = Before.of(look)
    laptop = HoldingLaptop(b"Dear all, please find the minutes below.\n" * 4000)
    laptop.sent(where)
    assert laptop.complete(where).status_code == 200

    refused = laptop.register(where)

    assert told(refused) == (400, "unsupported_type")
    assert laptop.remove(where).status_code == 204
    before.wait_until_nothing_is_added()


def test_a_stored_call_is_taken_back_at_once_and_can_be_begun_anew(
    where: Inside, laptop: HoldingLaptop, look: Look
) -> None:
    laptop.sent(where)
    laptop.complete(where)
    key = str((look.uploads.find_one({"_id": laptop.call_id}) or {})["key"])

    assert laptop.remove(where).status_code == 204

    assert key not in look.stored_keys()
    eventually(lambda: laptop.begin(where).status_code == 201, "the id is free again")
    assert laptop.remove(where).status_code == 204


def test_anothers_call_can_be_neither_registered_nor_edited_nor_announced(
    where: Inside, laptop: HoldingLaptop, look: Look
) -> None:
    laptop.sent(where)
    laptop.complete(where)
    others = [HoldingLaptop(laptop.data, token=token, call_id=laptop.call_id) for token in (COLLEAGUE, STRANGER)]
    assert {told(other.register(where)) for other in others} == {(404, "no_such_call")}
    assert laptop.register(where).status_code == 201

    asked = [ask for other in others for ask in (other.edit(where), other.ask(where, "POST", "/announce"))]

    assert {told(answer) for answer in asked} == {(404, "no_such_call")}
    assert look.document(laptop.call_id)["metadata"] == FIELDS
    assert laptop.edit(where).json()["metadata"] == GLOBEX
    assert look.document(laptop.call_id)["metadata"] == GLOBEX


def test_a_message_that_was_sent_just_now_is_the_one_that_is_told(
    where: Inside, laptop: HoldingLaptop, look: Look
) -> None:
    laptop.sent(where)
    laptop.complete(where)
    laptop.register(where)
    assert look.message(laptop.call_id)

    def announced() -> str:
        return str(laptop.ask(where, "POST", "/announce").json()["message_id"] or "")

    first = eventually(announced, "its message's id is known")
    assert announced() == first
    long_ago = {"announced_at": datetime(2026, 1, 1, tzinfo=UTC)}
    look.uploads.update_one({"_id": laptop.call_id}, {"$set": long_ago})
    announced()
    eventually(lambda: len(look.messages(laptop.call_id)) > 1, "it is sent again, as nobody has taken it up")
