"""The shapes of docs/contract.md, word for word."""

import json
from datetime import UTC, datetime

import pytest

from callup_desktop.calls.documents import (
    Audio,
    CallDocument,
    CallEdit,
    CallMetadata,
    Receipt,
    TranscriptionTask,
    object_key,
    timestamp,
)
from callup_desktop.calls.metadata import Details, FieldProblem, IncompleteDetailsError, completed, problems_of
from callup_desktop.recordings.formats import Format

CALL_ID = "550e8400-e29b-41d4-a716-446655440000"
MOMENT = datetime(2025, 11, 4, 10, 30, tzinfo=UTC)
TYPES = ("demo", "support", "sales")


def test_the_document_is_the_contracts() -> None:
    document = CallDocument(
        call_id=CALL_ID,
        uploaded_at=MOMENT,
        uploaded_by="rep@company.com",
        audio=Audio(
            s3_bucket="audio-pipeline-dev-audio",
            s3_key=object_key(CALL_ID, MOMENT, "mp3"),
            format=Format.MP3,
            file_size_bytes=12457600,
        ),
        metadata=CallMetadata(company_name="Acme Corp", contact_email="john@acme.com", call_type="demo"),
        created_at=MOMENT,
        updated_at=MOMENT,
    )
    assert document.as_document() == {
        "_id": CALL_ID,
        "call_id": CALL_ID,
        "uploaded_at": MOMENT,
        "uploaded_by": "rep@company.com",
        "status": "uploaded",
        "audio": {
            "s3_bucket": "audio-pipeline-dev-audio",
            "s3_key": f"2025/11/04/{CALL_ID}.mp3",
            "format": "mp3",
            "file_size_bytes": 12457600,
            "duration_seconds": None,
        },
        "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    nobody = document.model_copy(update={"uploaded_by": None})
    assert "uploaded_by" not in nobody.as_document()


def test_an_edit_names_the_details_and_the_time_of_the_change_and_nothing_else() -> None:
    metadata = CallMetadata(company_name="Globex", contact_email="mary@globex.com", call_type="sales")
    assert CallEdit(call_id=CALL_ID, metadata=metadata, updated_at=MOMENT).as_update() == {
        "metadata.company_name": "Globex",
        "metadata.contact_email": "mary@globex.com",
        "metadata.call_type": "sales",
        "updated_at": MOMENT,
    }


def test_the_message_is_the_contracts() -> None:
    task = TranscriptionTask(call_id=CALL_ID, s3_bucket="b", s3_key="k.mp3", format="mp3", timestamp=timestamp(MOMENT))
    assert json.loads(task.model_dump_json()) == {
        "call_id": CALL_ID,
        "s3_bucket": "b",
        "s3_key": "k.mp3",
        "format": "mp3",
        "timestamp": "2025-11-04T10:30:00Z",
    }


def test_the_receipt_is_the_contracts() -> None:
    assert Receipt(call_id=CALL_ID).model_dump() == {
        "call_id": CALL_ID,
        "status": "uploaded",
        "message": "Audio file uploaded successfully. Processing will begin shortly.",
    }


def test_details_are_trimmed_and_the_type_is_lower_case() -> None:
    sent = completed(Details("  Acme\nCorp \x00", " john@acme.com ", "Demo"), TYPES)
    assert sent == Details("Acme Corp", "john@acme.com", "demo")


@pytest.mark.parametrize(
    ("details", "problems"),
    [
        (Details(), dict.fromkeys(("company_name", "contact_email", "call_type"), FieldProblem.MISSING)),
        (Details("  ", "john@acme", "demo"), {"company_name": "missing", "contact_email": "invalid_email"}),
        (Details("Acme", "john@acme.com", "party"), {"call_type": "unknown_type"}),
        (Details("A" * 201, "a@b.co", "demo"), {"company_name": "too_long"}),
        (Details("Acme", "a b@c.com", "demo"), {"contact_email": "invalid_email"}),
    ],
)
def test_details_that_the_contract_refuses(details: Details, problems: dict[str, str]) -> None:
    assert problems_of(details, TYPES) == problems
    with pytest.raises(IncompleteDetailsError):
        completed(details, TYPES)
