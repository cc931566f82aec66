"""The shapes of docs/contract.md as pydantic models: registered document, queue message, receipt. Any thread."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from callup_desktop.recordings.formats import Format

FIRST_STATUS: Literal["uploaded"] = "uploaded"
"""The status of a call that the pipeline has not begun with: only then its details may change."""
SENT_MESSAGE = "Audio file uploaded successfully. Processing will begin shortly."


class _Shape(BaseModel):
    # Built when a call is registered, which not every start does.
    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=True, defer_build=True)


class Audio(_Shape):
    """Where the recording lies; `duration_seconds` stays null, the transcription worker fills it in."""

    s3_bucket: str
    s3_key: str
    format: Format
    file_size_bytes: int
    duration_seconds: None = None


class CallMetadata(_Shape):
    """The three fields of the form, complete."""

    company_name: str
    contact_email: str
    call_type: str


class CallDocument(_Shape):
    """One call in the collection `calls`; `uploaded_by` only where the profile names the rep."""

    call_id: str
    uploaded_at: datetime
    uploaded_by: str | None
    status: Literal["uploaded"] = FIRST_STATUS
    audio: Audio
    metadata: CallMetadata
    created_at: datetime
    updated_at: datetime

    def as_document(self) -> dict[str, object]:
        """The document as it is stored: `_id` is the call_id, dates are UTC datetimes."""
        exclude = {"uploaded_by"} if self.uploaded_by is None else None
        return {"_id": self.call_id, **self.model_dump(exclude=exclude)}


class CallEdit(_Shape):
    """New details of a registered call; `updated_at` is later than that of every edit before.

    `registered_with` is the `updated_at` of the registration where another clock told it, so that it is no edit.
    """

    call_id: str
    metadata: CallMetadata
    updated_at: datetime
    registered_with: datetime | None = None

    def as_update(self) -> dict[str, object]:
        """The fields that change, by their paths in the document; no other one does."""
        details = {f"metadata.{name}": value for name, value in self.metadata.model_dump().items()}
        return {**details, "updated_at": self.updated_at}


class TranscriptionTask(_Shape):
    """The body of the queue message; `timestamp` is ISO 8601 UTC with Z."""

    call_id: str
    s3_bucket: str
    s3_key: str
    format: str
    timestamp: str


class Receipt(_Shape):
    """What the rep gets once the call has arrived."""

    call_id: str
    status: Literal["uploaded"] = "uploaded"
    message: str = SENT_MESSAGE


def timestamp(moment: datetime) -> str:
    """A UTC moment as ISO 8601 with Z and whole milliseconds at most."""
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def whole_milliseconds(moment: datetime) -> datetime:
    """The moment as a BSON date holds it, so that a document is the same at every retry."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def object_key(call_id: str, submitted_at: datetime, extension: str) -> str:
    """The S3 key of a call: UTC date of the moment it was sent, call_id, extension of its format."""
    return f"{submitted_at:%Y/%m/%d}/{call_id}.{extension}"
