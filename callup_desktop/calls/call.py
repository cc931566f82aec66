"""A stored call, and the three shapes in which it leaves this computer (docs/contract.md). Immutable, any thread."""

from dataclasses import dataclass
from datetime import datetime

from callup_desktop.calls.documents import (
    Audio,
    CallDocument,
    CallEdit,
    CallMetadata,
    Receipt,
    TranscriptionTask,
    timestamp,
)
from callup_desktop.calls.metadata import Details
from callup_desktop.recordings.formats import Format


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose recording is stored; every shape of it is the same at every retry."""

    id: str
    details: Details
    bucket: str
    key: str
    format: Format
    size: int
    uploaded_at: datetime
    uploaded_by: str | None = None

    def document(self) -> CallDocument:
        """What is registered."""
        return CallDocument(
            call_id=self.id,
            uploaded_at=self.uploaded_at,
            uploaded_by=self.uploaded_by,
            audio=Audio(s3_bucket=self.bucket, s3_key=self.key, format=self.format, file_size_bytes=self.size),
            metadata=self._metadata(),
            created_at=self.uploaded_at,
            updated_at=self.uploaded_at,
        )

    def edit(self, at: datetime) -> CallEdit:
        """What changes of the registered call where its details are other ones now."""
        return CallEdit(call_id=self.id, metadata=self._metadata(), updated_at=at)

    def task(self) -> TranscriptionTask:
        """What is announced."""
        return TranscriptionTask(
            call_id=self.id,
            s3_bucket=self.bucket,
            s3_key=self.key,
            format=self.format,
            timestamp=timestamp(self.uploaded_at),
        )

    def receipt(self) -> Receipt:
        """What the rep gets once the call has arrived."""
        return Receipt(call_id=self.id)

    def _metadata(self) -> CallMetadata:
        return CallMetadata(
            company_name=self.details.company_name,
            contact_email=self.details.contact_email,
            call_type=self.details.call_type,
        )
