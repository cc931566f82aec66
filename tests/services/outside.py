"""Looking at the servers, and making what is sent to them, without our rooms."""

import uuid
import zlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awscrt import checksums

from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.ports import Target
from callup_desktop.recordings.recording import CRC64_BYTES, PIECE

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MIB = 1024 * 1024


@dataclass(frozen=True)
class PlainS3:
    """boto3 straight."""

    client: "S3Client"
    endpoint: str
    bucket: str

    def bytes_at(self, key: str) -> bytes | None:
        if key not in self.keys():
            return None
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def content_type_at(self, key: str) -> str:
        return self.client.head_object(Bucket=self.bucket, Key=key)["ContentType"]

    def keys(self) -> set[str]:
        return {held["Key"] for held in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])}

    def store(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def open_uploads_anywhere(self) -> set[str]:
        listed = self.client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])
        return {upload["UploadId"] for upload in listed}

    def open_uploads(self, key: str) -> list[str]:
        listed = self.client.list_multipart_uploads(Bucket=self.bucket, Prefix=key).get("Uploads", [])
        return [upload["UploadId"] for upload in listed if upload["Key"] == key]


def new_key() -> str:
    return f"2026/11/04/{uuid.uuid4()}.mp3"


def some_bytes(size: int, seed: int = 7) -> bytes:
    """Bytes that differ by seed and position, cheaply."""
    block = bytes((index * seed + index // 251) % 256 for index in range(4099))
    return (block * (size // len(block) + 1))[:size]


def target_for(data: bytes, bucket: str, key: str | None = None) -> Target:
    """What `data` becomes at the key, of a call of its own, in parts of 5 MiB."""
    where = key or new_key()
    checksums_of = crc64nvme(data), crc32(data)
    return Target(bucket, where, "audio/mpeg", len(data), *checksums_of, call_id_of(where), 5 * MIB)


def call_id_of(key: str) -> str:
    """A call for each key."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))


def body_of(data: bytes, token: CancelToken | None = None, limit: int | None = None) -> PartBody:
    return PartBody(token or CancelToken(), Pace(limit), memoryview(data))


def checked_body(data: bytes, asked: list[int], *, found: bytes | None = None) -> PartBody:
    """A body whose pieces are known; the lengths that are read go into `asked`, and `found` is what is there by now."""
    pieces = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    known = b"".join(checksums.crc64nvme(piece).to_bytes(CRC64_BYTES, "big") for piece in pieces)

    def read(offset: int, length: int) -> memoryview:
        asked.append(length)
        return memoryview(found or data)[offset : offset + length]

    body = PartBody(CancelToken(), Pace())
    body.load(len(data), read, known)
    return body


def crc64nvme(data: bytes) -> str:
    return b64encode(checksums.crc64nvme(data).to_bytes(8, "big")).decode()


def crc32(data: bytes) -> str:
    return b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
