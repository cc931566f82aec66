"""An object store in memory that behaves like S3: multipart, checksums, conditional writes. Any thread."""

import hashlib
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock

from awscrt import checksums

from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Body, StoredObject, Target, Upload
from tests.fakes.faults import Call, Faults, Moment, no_faults

READ_SIZE = 64 * 1024


@dataclass
class HeldObject:
    """A finished object with its bytes."""

    data: bytes
    etag: str
    content_type: str


@dataclass
class HeldUpload:
    """An open multipart upload; `data` is the bytes of each part by number."""

    key: str
    content_type: str
    parts: dict[int, Part] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)


class FakeStore:
    """S3 in memory. Look at `objects` (by key), `uploads` (by id), `calls`, `sent` (arrivals of each key and part)."""

    def __init__(
        self,
        *,
        algorithm: Algorithm = Algorithm.CRC64NVME,
        faults: Faults = no_faults,
        smallest_part: int = 0,
        may_list_uploads: bool = True,
        lists_checksums: bool = True,
    ) -> None:
        """`smallest_part` is what S3 asks of all parts but the last (5 MiB there; 0 keeps tests small).

        Without `lists_checksums` it tells a part's checksum when the part is stored, but never lists it, as SeaweedFS.
        """
        self.objects: dict[str, HeldObject] = {}
        self.uploads: dict[str, HeldUpload] = {}
        self.calls: list[Call] = []
        self.sent: Counter[tuple[str, int]] = Counter()
        self.resets = 0
        self.renewals = 0
        self.looks = 0
        self.ahead = timedelta(0)
        self.heard = False
        self.look: Callable[[], bool] = lambda: True
        self.faults = faults
        self._algorithm = algorithm
        self._smallest_part = smallest_part
        self._may_list_uploads = may_list_uploads
        self._lists_checksums = lists_checksums
        self._created = 0
        self._lock = Lock()

    def clock_offset(self) -> timedelta:
        """How far its clock is ahead; unknown before it answered once."""
        return self.ahead if self.heard else timedelta(0)

    def hear_time(self) -> bool:
        """Asked once."""
        if self.heard:
            return False
        call = self._begin(Call("hear_time", ""))
        self.heard = True
        self.faults(call, Moment.AFTER)
        return True

    def algorithm(self) -> Algorithm:
        """The checksum it was made with."""
        return self._algorithm

    def create(self, target: Target) -> Upload:
        """Open an upload."""
        call = self._begin(Call("create", target.key))
        with self._lock:
            self._created += 1
            upload_id = f"upload-{self._created}"
            self.uploads[upload_id] = HeldUpload(target.key, target.content_type)
        self.faults(call, Moment.AFTER)
        return Upload(upload_id)

    def creates_once(self) -> bool:
        """Another upload each time, as S3."""
        return False

    def put(self, target: Target, body: Body) -> StoredObject:
        """Store the whole object, unless it is there."""
        call = self._begin(Call("put", target.key))
        data = _drain(body)
        with self._lock:
            self.sent[target.key, 0] += 1
            self._refuse_damaged(target, data)
            if target.key not in self.objects:
                self.objects[target.key] = HeldObject(data, hashlib.md5(data).hexdigest(), target.content_type)  # noqa: S324 - S3's ETag
            stored = self._told(self.objects[target.key])
        self.faults(call, Moment.AFTER)
        return self._matching(target, stored)

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:
        """Store one part, over an earlier one of the same number."""
        call = self._begin(Call("upload_part", target.key, number))
        data = _drain(body)
        with self._lock:
            self.sent[target.key, number] += 1
            upload = self.uploads.get(upload_id)
            if upload is None:
                raise TransientError(Code.UPLOAD_EXPIRED, "NoSuchUpload")
            etag = hashlib.md5(data).hexdigest()  # noqa: S324 - S3's ETag
            checksum = "" if self._algorithm is Algorithm.NONE else _checksum(self._algorithm, memoryview(data))
            part = Part(number, len(data), etag, checksum)
            upload.parts[number] = part
            upload.data[number] = data
        self.faults(call, Moment.AFTER)
        return part

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:
        """What it holds of the upload."""
        call = self._begin(Call("list_parts", target.key))
        with self._lock:
            upload = self.uploads.get(upload_id)
            parts = None if upload is None else tuple(self._listed(part) for _, part in sorted(upload.parts.items()))
        self.faults(call, Moment.AFTER)
        return parts

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:
        """Join the parts, once."""
        call = self._begin(Call("complete", target.key))
        with self._lock:
            upload = self.uploads.get(upload_id)
            if upload is not None and target.key not in self.objects:
                self._join(target, upload, parts)
            held = self.objects.get(target.key)
            if held is not None and self.matches(target, self._told(held)):
                self.uploads.pop(upload_id, None)
            stored = None if held is None else self._told(held)
        self.faults(call, Moment.AFTER)
        return None if stored is None else self._matching(target, stored)

    def head(self, target: Target) -> StoredObject | None:
        """The object at the key."""
        call = self._begin(Call("head", target.key))
        with self._lock:
            held = self.objects.get(target.key)
            stored = None if held is None else self._told(held)
        self.faults(call, Moment.AFTER)
        return stored

    def matches(self, target: Target, found: StoredObject) -> bool:
        """Size and checksum."""
        wanted = {
            Algorithm.CRC64NVME: f"CRC64NVME:{target.crc64nvme}",
            Algorithm.CRC32: f"CRC32:{target.crc32}",
            Algorithm.NONE: "",
        }[self._algorithm]
        return found.size == target.size and found.checksum == wanted

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """The open uploads of the key."""
        call = self._begin(Call("open_uploads", target.key))
        with self._lock:
            ids = tuple(upload_id for upload_id, upload in self.uploads.items() if upload.key == target.key)
        self.faults(call, Moment.AFTER)
        return ids if self._may_list_uploads else ()

    def abort(self, target: Target, upload_id: str) -> None:
        """End the upload with its parts."""
        call = self._begin(Call("abort", target.key))
        with self._lock:
            self.uploads.pop(upload_id, None)
        self.faults(call, Moment.AFTER)

    def delete(self, target: Target, version_id: str = "") -> None:  # noqa: ARG002 - it keeps no versions
        """Remove the object."""
        call = self._begin(Call("delete", target.key))
        with self._lock:
            self.objects.pop(target.key, None)
        self.faults(call, Moment.AFTER)

    def part_checksum(self, data: memoryview) -> str:
        """As `list_parts` tells it."""
        return _checksum(self._algorithm if self._lists_checksums else Algorithm.NONE, data)

    def reachable(self) -> bool:
        """What `look` says."""
        self.looks += 1
        return self.look()

    def reset(self) -> None:
        """Count it; there is no connection here."""
        self.resets += 1

    def renew_credentials(self) -> None:
        """Count it; there are no credentials here."""
        self.renewals += 1

    def _begin(self, call: Call) -> Call:
        with self._lock:
            self.calls.append(call)
        self.faults(call, Moment.BEFORE)
        return call

    def _listed(self, part: Part) -> Part:
        return part if self._lists_checksums else replace(part, checksum="")

    def _join(self, target: Target, upload: HeldUpload, parts: tuple[Part, ...]) -> None:
        numbers = [part.number for part in parts]
        if numbers != sorted(set(numbers)) or not numbers:
            raise JobError(Code.STORE_REFUSED, "InvalidPartOrder")
        held = {number: part.etag for number, part in upload.parts.items()}
        if any(held.get(part.number) != part.etag for part in parts):
            raise TransientError(Code.UPLOAD_EXPIRED, "InvalidPart")
        if any(part.size < self._smallest_part for part in parts[:-1]):
            raise JobError(Code.STORE_REFUSED, "EntityTooSmall")
        data = b"".join(upload.data[number] for number in numbers)
        if not self._is_file(target, data):
            raise JobError(Code.MISMATCH, "BadDigest")
        digests = b"".join(bytes.fromhex(part.etag) for part in parts)
        etag = f"{hashlib.md5(digests).hexdigest()}-{len(parts)}"  # noqa: S324 - S3's ETag
        self.objects[target.key] = HeldObject(data, etag, upload.content_type)

    def _refuse_damaged(self, target: Target, data: bytes) -> None:
        if _checksum(Algorithm.CRC64NVME, memoryview(data)) != target.crc64nvme:
            raise TransientError(Code.PART_DAMAGED, "BadDigest")

    def _is_file(self, target: Target, data: bytes) -> bool:
        return self.matches(target, self._told(HeldObject(data, "", "")))

    def _told(self, held: HeldObject) -> StoredObject:
        checksum = ""
        if self._algorithm is not Algorithm.NONE:
            checksum = f"{self._algorithm}:{_checksum(self._algorithm, memoryview(held.data))}"
        return StoredObject(len(held.data), held.etag, checksum)

    def _matching(self, target: Target, stored: StoredObject) -> StoredObject:
        if not self.matches(target, stored):
            raise JobError(Code.MISMATCH, "another object is at the key")
        return stored


def _drain(body: Body) -> bytes:
    """All of a body, read as a connection reads it, so that a pause cuts it short."""
    body.seek(0)
    chunks = []
    while chunk := body.read(READ_SIZE):
        chunks.append(bytes(chunk))
    return b"".join(chunks)


def _checksum(algorithm: Algorithm, data: memoryview) -> str:
    match algorithm:
        case Algorithm.CRC64NVME:
            return b64encode(checksums.crc64nvme(data).to_bytes(8, "big")).decode()
        case Algorithm.CRC32:
            return b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
        case Algorithm.NONE:
            return hashlib.md5(data).hexdigest()  # noqa: S324 - S3's ETag
