"""A day of calls on the real servers, with whatever is wrong with them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pymongo import MongoClient
from pymongo.collection import Collection

from callup_desktop.config.profile import Profile
from callup_desktop.recordings.formats import Format
from callup_desktop.services.mongo import MongoConnection
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.uploads import MongoUploads, UploadRecord

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SOUND = b"0123456789"


@dataclass
class PlantedDay:
    """Puts objects, documents and rows of one day where they belong; each method makes a call of its own, or a part."""

    day: date
    profile: Profile
    s3: "S3Client"
    calls: Collection[dict[str, Any]]
    uploads: MongoUploads
    made: dict[str, str] = field(default_factory=dict)
    """The call_id of each call, by the name that the test gave it."""

    @classmethod
    @contextmanager
    def at(cls, day: date, profile: Profile, keys_beside: Path, s3: "S3Client") -> Iterator[Self]:
        """On the servers of the profile, whose keys lie beside that file. The rows are gone afterwards."""
        connection = MongoConnection(profile, open_secrets(profile, keys_beside))
        with MongoClient[dict[str, Any]](profile.mongo_uri, tz_aware=True) as client:
            database = client[profile.database]
            here = cls(day, profile, s3, database[profile.collection], MongoUploads(connection, profile))
            try:
                yield here
            finally:
                connection.reset()
                # Others of this process wait until no row is unfinished.
                database["callup_uploads"].delete_many({"_id": {"$in": list(here.made.values())}})

    @property
    def morning(self) -> datetime:
        return datetime.combine(self.day, time(9, 30), UTC)

    def key(self, call_id: str) -> str:
        return f"{self.day:%Y/%m/%d}/{call_id}.mp3"

    def named(self, name: str) -> str:
        """The id of the call of this name; the same one for all its parts."""
        return self.made.setdefault(name, str(uuid.uuid4()))

    def recording(self, name: str, data: bytes = SOUND) -> str:
        """Its object; the ETag."""
        answer = self.s3.put_object(Bucket=self.profile.bucket, Key=self.key(self.named(name)), Body=data)
        return answer["ETag"].strip('"')

    def open_upload(self, name: str) -> None:
        self.s3.create_multipart_upload(Bucket=self.profile.bucket, Key=self.key(self.named(name)))

    def document(self, name: str, **changes: Any) -> None:
        call_id = self.named(name)
        audio = {
            "s3_bucket": self.profile.bucket,
            "s3_key": self.key(call_id),
            "format": "mp3",
            "file_size_bytes": len(SOUND),
            "duration_seconds": None,
        }
        moments = dict.fromkeys(("uploaded_at", "created_at", "updated_at"), self.morning)
        self.calls.insert_one(
            {
                "_id": call_id,
                "call_id": call_id,
                "uploaded_by": "rep@acme.com",
                "status": "completed",
                "audio": audio,
                "metadata": {"company_name": "<b>Acme</b>", "contact_email": "john@acme.com", "call_type": "demo"},
                **moments,
                **changes,
            }
        )

    def row(self, name: str, **facts: Any) -> None:
        """What a gateway knows of it: registered, announced and done with, but for these facts."""
        call_id = self.named(name)
        known: dict[str, Any] = {
            "id": call_id,
            "tenant": "acme",
            "caller": "dialer-1",
            "created_at": self.morning,
            "format": Format.MP3,
            "bucket": self.profile.bucket,
            "key": self.key(call_id),
            "size": len(SOUND),
            "uploaded_at": self.morning,
            "registered_at": self.morning,
            "announced_at": self.morning,
        }
        self.uploads.claim(UploadRecord.model_validate({**known, **facts}), self.morning)

    def whole(self, name: str, **changes: Any) -> None:
        """A call as it should be; `changes` are those of its document."""
        self.recording(name)
        self.document(name, **changes)

    def everything_that_can_go_wrong(self) -> dict[str, str]:
        """A call for each difference, by the difference's name; its id."""
        long_ago = self.morning - timedelta(days=3)
        before = set(self.made)
        self.recording("not_registered")
        self.document("object_missing")
        self.recording("size_differs", b"much longer than was said")
        self.document("size_differs")
        self.whole("content_differs")
        self.row("content_differs", etag="0" * 32)
        self.recording("document_gone")
        self.row("document_gone")
        self.whole("doubled")
        self.document("doubled", _id=f"second {uuid.uuid4()}")
        self.whole("not_announced", status="uploaded")
        self.row("not_announced", announced_at=None, due_at=self.morning)
        self.whole("not_taken_up", status="uploaded")
        self.whole("stuck", status="transcribing")
        self.whole("failed", status="transcription_failed")
        self.open_upload("upload_open")
        unsettled = dict.fromkeys(("registered_at", "announced_at", "uploaded_at"))
        self.row("row_left_over", **unsettled, dropped_at=long_ago, due_at=self.morning)
        return {name: call_id for name, call_id in self.made.items() if name not in before}
