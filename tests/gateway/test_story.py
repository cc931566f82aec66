"""The story's twelve cases over real servers, each posted by five clients that nobody here wrote."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests

from callup_desktop.calls.documents import SENT_MESSAGE
from tests.faults.laptop import Network
from tests.faults.proxy import Exchange
from tests.gateway.clients import CLIENTS, FIELDS, Client, by_curl
from tests.gateway.look import Before, Look
from tests.gateway.replica import Replica, eventually

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CONTENT_TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "flac": "audio/flac"}


@pytest.fixture(params=sorted(CLIENTS))
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENTS[request.param]


@pytest.mark.parametrize("name", sorted(CONTENT_TYPES))
def test_a_recording_of_each_format_is_stored_registered_and_announced(
    client: Client, name: str, gateway: Replica, recordings: Mapping[str, Path], look: Look
) -> None:
    answer = client(gateway.upload, FIELDS, recordings[name], {})

    assert answer.status == 201, answer.text
    call_id = answer.json["call_id"]
    assert answer.json == {"call_id": call_id, "status": "uploaded", "message": SENT_MESSAGE}
    assert UUID4.fullmatch(call_id)
    assert answer.headers["location"] == f"/api/v1/calls/{call_id}"
    document = look.document(call_id)
    key = document["audio"]["s3_key"]
    assert look.content(key) == recordings[name].read_bytes()
    head = look.s3.head_object(Bucket=look.bucket, Key=key)
    assert (head["ContentType"], head["ServerSideEncryption"]) == (CONTENT_TYPES[name], "AES256")
    moment = document["uploaded_at"]
    assert document == {
        "_id": call_id,
        "call_id": call_id,
        "uploaded_at": moment,
        "status": "uploaded",
        "audio": {
            "s3_bucket": look.bucket,
            "s3_key": f"{moment:%Y/%m/%d}/{call_id}.{name}",
            "format": name,
            "file_size_bytes": recordings[name].stat().st_size,
            "duration_seconds": None,
        },
        "metadata": FIELDS,
        "created_at": moment,
        "updated_at": moment,
    }
    message = look.message(call_id)
    assert (message["s3_bucket"], message["s3_key"], message["format"]) == (look.bucket, key, name)
    assert message["timestamp"].endswith("Z")
    assert {kind: value["StringValue"] for kind, value in message["attributes"].items()} == {
        "task_type": "transcription",
        "priority": "normal",
    }


def test_another_kind_of_file_is_refused_and_nothing_is_created(
    client: Client, gateway: Replica, tmp_path: Path, look: Look
) -> None:
    before = Before.of(look)
    file = tmp_path / "notes.mp3"
    file.write_bytes(b"%PDF-1.7 not a recording at all\n" * 1000)

    answer = client(gateway.upload, FIELDS, file, {})

    assert (answer.status, answer.json["type"]) == (400, "unsupported_type")
    assert answer.json["detail"] == "This is a PDF file. Please add an MP3, WAV, M4A or FLAC recording."
    before.assert_nothing_added()


def test_a_recording_that_is_too_large_is_refused_by_its_length(gateway: Replica, tmp_path: Path, look: Look) -> None:
    before = Before.of(look)
    file = tmp_path / "endless.wav"
    with file.open("wb") as sparse:
        sparse.truncate(2 * 1024**3)

    answer = by_curl(gateway.upload, FIELDS, file, {})

    assert (answer.status, answer.json["type"]) == (413, "too_large")
    assert "the limit is 1 GB" in answer.json["detail"]
    before.assert_nothing_added()


def test_a_client_hears_that_its_recording_is_too_large_also_where_it_sends_all_of_it_first(
    client: Client, small_gateway: Replica, long_call: Path, look: Look
) -> None:
    before = Before.of(look)

    answer = client(small_gateway.upload, FIELDS, long_call, {})

    assert (answer.status, answer.json["type"]) == (413, "too_large")
    assert "the limit is 4" in answer.json["detail"]
    before.assert_nothing_added()


@pytest.mark.parametrize("missing", [*FIELDS, "file"])
def test_a_form_that_lacks_a_field_is_refused_by_the_fields_name(
    client: Client, missing: str, gateway: Replica, recordings: Mapping[str, Path], look: Look
) -> None:
    before = Before.of(look)
    fields = {name: value for name, value in FIELDS.items() if name != missing}

    answer = client(gateway.upload, fields, recordings["mp3"] if missing != "file" else None, {})

    assert (answer.status, answer.json["type"]) == (400, "form_fields")
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(missing, "missing")]
    assert answer.headers["content-type"] == "application/problem+json"
    before.assert_nothing_added()


def test_an_email_address_that_is_none_is_refused_in_the_windows_words(
    client: Client, gateway: Replica, recordings: Mapping[str, Path], look: Look
) -> None:
    before = Before.of(look)

    answer = client(gateway.upload, {**FIELDS, "contact_email": "john.acme.com@"}, recordings["mp3"], {})

    assert (answer.status, answer.json["type"]) == (400, "form_fields")
    (error,) = answer.json["errors"]
    assert (error["field"], error["code"]) == ("contact_email", "invalid_email")
    assert error["detail"].startswith(("That email address", "Enter a full email"))
    before.assert_nothing_added()


def test_storage_that_is_down_is_a_500_that_says_when_to_try_again(
    client: Client, outage_gateway: Replica, network: Network, recordings: Mapping[str, Path], outage_look: Look
) -> None:
    documents = outage_look.calls.count_documents({})
    network.s3.go_down()

    answer = client(outage_gateway.upload, FIELDS, recordings["mp3"], {})

    assert (answer.status, answer.json["type"], answer.json["cause"]) == (500, "not_stored", "connection")
    assert int(answer.headers["retry-after"]) >= 1
    assert "Send it again" in answer.json["detail"]
    assert outage_look.calls.count_documents({}) == documents
    network.s3.come_back()
    eventually(
        lambda: not outage_look.uploads.find_one({"_id": answer.json["call_id"]}), "the rest of it is cleaned up"
    )
    assert not [key for key in outage_look.stored_keys() if answer.json["call_id"] in key]


def test_a_registry_that_is_down_rolls_the_object_back(
    client: Client, outage_gateway: Replica, network: Network, recordings: Mapping[str, Path], outage_look: Look
) -> None:
    def registry_goes_down(put: Exchange) -> None:
        put.forward()
        network.mongo.go_down()
        put.reply()

    documents = outage_look.calls.count_documents({})
    network.s3.plan.order("put", registry_goes_down)

    answer = client(outage_gateway.upload, FIELDS, recordings["mp3"], {})

    assert answer.status == 500, answer.text
    assert (answer.json["type"], answer.json["cause"]) == ("not_registered", "registry_unreachable")
    assert int(answer.headers["retry-after"]) >= 1
    assert network.s3.plan.met("put") == 1
    eventually(
        lambda: not [key for key in outage_look.stored_keys() if answer.json["call_id"] in key],
        "the object is rolled back",
    )
    network.mongo.come_back()
    assert outage_look.calls.count_documents({}) == documents


def test_a_queue_that_is_down_does_not_hold_up_the_receipt_and_hears_of_the_call_later(
    client: Client, outage_gateway: Replica, network: Network, recordings: Mapping[str, Path], outage_look: Look
) -> None:
    network.sqs.go_down()

    answer = client(outage_gateway.upload, FIELDS, recordings["mp3"], {})

    assert answer.status == 201, answer.text
    call_id = answer.json["call_id"]
    eventually(
        lambda: (outage_look.uploads.find_one({"_id": call_id}) or {}).get("failures"), "a try to announce it failed"
    )
    assert outage_look.messages(call_id) == []
    network.sqs.come_back()
    assert outage_look.message(call_id)["s3_key"] == outage_look.document(call_id)["audio"]["s3_key"]


def test_the_location_leads_to_the_call(client: Client, gateway: Replica, recordings: Mapping[str, Path]) -> None:
    location = client(gateway.upload, FIELDS, recordings["mp3"], {}).headers["location"]

    call = requests.get(gateway.address + location, timeout=10)
    assert call.status_code == 200
    assert call.json()["metadata"] == FIELDS
    assert location.endswith(call.json()["call_id"])
