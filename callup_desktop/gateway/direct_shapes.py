"""What senders of direct uploads say and are told: JSON, small, without a byte of a recording. Any thread."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.parts import SMALLEST_PART, Part
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import MAX_SIZE
from callup_desktop.services.s3.requests import SignedPart
from callup_desktop.services.uploads import UploadRecord

MOST_SIGNED = 16
"""Parts that one request may have signed."""
CHECKSUM_PATTERN = r"^[A-Za-z0-9+/]{11}=$"
Checksum = Annotated[str, Field(pattern=CHECKSUM_PATTERN, description="CRC64NVME, 8 bytes in base64")]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    metadata: Metadata
    send_anyway: Annotated[bool, Field(description="take a recording that seems cut off or silent")] = False


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
    REGISTERED = "registered"
    """The call has arrived."""


class StoredPart(BaseModel):
    """One part as the storage lists it; a storage may list no checksums."""

    number: int
    size: int
    etag: str
    checksum: str


class UploadView(BaseModel):
    """A direct upload as it stands."""

    call_id: str
    stage: UploadStage
    size: int
    part_size: int
    parts: list[StoredPart]
    kept_until: Annotated[datetime | None, Field(description="then it is given up unless its sender is heard of")] = (
        None
    )

    @classmethod
    def of(cls, record: UploadRecord, stage: UploadStage, parts: Sequence[Part] = ()) -> Self:
        """The view of a row."""
        return cls(
            call_id=record.id,
            stage=stage,
            size=record.size,
            part_size=record.part_size,
            parts=[StoredPart(**asdict(part)) for part in parts],
            kept_until=record.rests_until if record.registered_at is None else None,
        )


class SignedPartView(BaseModel):
    """One request for one part: PUT its bytes to the URL with these headers before it expires. The URL is a secret."""

    number: int
    url: str
    headers: dict[str, str]
    expires_at: datetime

    @classmethod
    def of(cls, part: SignedPart) -> Self:
        """The view of a signed request."""
        return cls(number=part.number, url=part.url, headers=dict(part.headers), expires_at=part.expires_at)


class SignedParts(BaseModel):
    """The requests, in the order in which they were asked for."""

    parts: list[SignedPartView]
