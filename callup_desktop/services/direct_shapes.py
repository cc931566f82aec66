"""What a gateway and its senders of direct uploads tell each other: JSON, without a byte of a recording. Any thread."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, EmailStr, Field

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.parts import SMALLEST_PART
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import MAX_SIZE

MOST_SIGNED = 16
"""Parts that one request may have signed."""
MOST_PARTS = 10_000
MOST_STATUSES = 100
"""Calls whose statuses one request may ask for."""
CHECKSUM_PATTERN = r"^[A-Za-z0-9+/]{11}=$"
Checksum = Annotated[str, Field(pattern=CHECKSUM_PATTERN, description="CRC64NVME, 8 bytes in base64")]


class _Told(BaseModel):
    # Built when it is used, which not every start does.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class _Answer(BaseModel):
    # A newer gateway may tell more.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Metadata(_Told):
    """The form's fields."""

    company_name: Annotated[str, Field(examples=["Acme Corp"])]
    contact_email: Annotated[str, Field(examples=["john@acme.com"])]
    call_type: Annotated[str, Field(examples=["demo"])]

    def details(self) -> Details:
        """As typed."""
        return Details(**self.model_dump())


class Declared(_Told):
    """What is about to be sent."""

    size: Annotated[int, Field(ge=0, description="bytes")]
    format: Format
    crc64nvme: Checksum
    part_size: Annotated[int, Field(ge=SMALLEST_PART, le=MAX_SIZE, description="bytes; only the last part is smaller")]
    metadata: Annotated[
        Metadata | None, Field(description="without it, complete only stores the recording, and register takes it")
    ] = None
    send_anyway: Annotated[bool, Field(description="take a recording that seems cut off or silent")] = False


class Registration(_Told):
    """What a stored recording is registered with."""

    metadata: Metadata
    uploaded_by: Annotated[EmailStr | None, Field(description="the rep")] = None


class Edit(_Told):
    """New details of a registered call."""

    metadata: Metadata
    edited_at: Annotated[AwareDatetime, Field(description="an earlier edit does not undo a later one")]


class Described(_Answer):
    """The details that a call has."""

    call_id: str
    metadata: Metadata


class Announced(_Answer):
    """The last message of a call, if one was sent; the gateway sends what is due until the queue has it."""

    call_id: str
    message_id: str | None


class SentPart(_Told):
    """A part that its sender has stored."""

    number: Annotated[int, Field(ge=1)]
    etag: Annotated[str, Field(min_length=1, max_length=128)]


class Completion(_Told):
    """What the object is made of."""

    parts: Annotated[
        list[SentPart], Field(max_length=MOST_PARTS, description="which copy of each part counts; else the only one")
    ] = []


class PartsWanted(_Told):
    """Parts to be signed: number, bytes and checksum of each stand at the same place of the three lists."""

    numbers: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=MOST_SIGNED)]
    lengths: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=MOST_SIGNED)]
    checksums: Annotated[list[Checksum], Field(min_length=1, max_length=MOST_SIGNED)]


class UploadStage(StrEnum):
    """How far a direct upload is."""

    OPEN = "open"
    """Parts can be signed."""
    LOST = "lost"
    """Storage does not hold it open: it is begun again by the same PUT, with all its parts."""
    COMPLETING = "completing"
    """All is stored; the gateway checks and registers it, or waits to be asked again."""
    STORED = "stored"
    """All is stored and waits to be registered."""
    REMOVED = "removed"
    """Taken back; it can be begun again once no request of it can arrive any more."""
    REGISTERED = "registered"
    """The call has arrived."""


class StoredPart(_Answer):
    """One part as the storage lists it; a storage may list no checksums."""

    number: int
    size: int
    etag: str
    checksum: str


class SignedPartView(_Answer):
    """One request for one part: PUT its bytes to the URL with these headers before it expires. The URL is a secret."""

    number: int
    url: str
    headers: dict[str, str]
    expires_at: datetime


class UploadView(_Answer):
    """A direct upload as it stands."""

    call_id: str
    stage: UploadStage
    size: int
    crc64nvme: str
    part_size: int
    parts: list[StoredPart]
    etag: Annotated[str | None, Field(description="of the object, once it is stored")] = None
    kept_until: Annotated[datetime | None, Field(description="then it is given up unless its sender is heard of")] = (
        None
    )
    signed: Annotated[
        list[SignedPartView],
        Field(description="when it is begun: the request of a recording that is one part, which nobody has to ask for"),
    ] = []


class SignedParts(_Answer):
    """The requests, in the order in which they were asked for."""

    parts: list[SignedPartView]


class CallStatuses(_Answer):
    """The status of each call that was asked for, by its id; those that the caller may not see are left out."""

    statuses: dict[str, str]


class SameRecording(_Answer):
    """A call of the tenant with the recording that was asked for."""

    call_id: str
    sent_by: Annotated[str, Field(description="the caller")]
    sent_at: AwareDatetime


class SameRecordings(_Answer):
    """The calls of the tenant with that recording, newest first and at most ten, whoever sent them; empty if none."""

    same_recording: list[SameRecording]
