"""The object store: engine.ports.Store over S3. Any thread; one client, made by the first call."""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Body, StoredObject, Target, Upload
from callup_desktop.services.aws import (
    AwsClient,
    ServerClock,
    base_config,
    code_of,
    detail_of,
    install_transport,
    told,
    translate_local,
)
from callup_desktop.services.s3 import listing, removal
from callup_desktop.services.s3.capabilities import Capabilities, StoreCapabilities
from callup_desktop.services.s3.errors import (
    CANNOT_TELL,
    LISTING_DENIED,
    OBJECT_EXISTS,
    OBJECT_MISSING,
    UNSUPPORTED,
    UPLOAD_GONE,
    translate,
)
from callup_desktop.services.s3.requests import (
    Fields,
    SignedPart,
    are_alike,
    body_checksum,
    checksum_args,
    checksum_in,
    checksum_of,
    checksum_type_args,
    condition_args,
    create_args,
    etag_of,
    full_checksum_args,
    joined_crc32,
    joined_etag,
    md5_of,
    object_args,
    part_args,
    rewound,
    signed_part,
    stored_object,
)
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import STALL_TIMEOUT, Transport, can_connect

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

R = TypeVar("R")

SPARE_CONNECTIONS = 4
"""Beside those of the parts: listing, completing and aborting for other jobs."""
ABORT_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the store was sent, as it may tell it: the MD5s as an ETag has them, and the CRC32; "" where unknown."""

    etag: str
    crc32: str


class S3Store:
    """S3 and compatible stores. What a store lacks is found out once and remembered for this run.

    `stall_timeout` is seconds without a byte.
    """

    def __init__(
        self,
        profile: Profile,
        secrets: Secrets,
        clock: ServerClock | None = None,
        *,
        stall_timeout: float = STALL_TIMEOUT,
    ) -> None:
        self._clock = clock or ServerClock()
        self._way = secrets.way
        connections = profile.requests_at_once + SPARE_CONNECTIONS
        transport = Transport(connections=connections, stall_timeout=stall_timeout, way=secrets.way)
        self._client: AwsClient[S3Client] = AwsClient(
            lambda: _client(profile, secrets, transport, self._clock), transport, self._clock
        )
        self._capabilities = StoreCapabilities()
        self._bucket = profile.bucket

    @property
    def capabilities(self) -> Capabilities:
        """What the store was found to support so far."""
        return self._capabilities.known

    def algorithm(self) -> Algorithm:
        """The checksum in use."""
        return self.capabilities.algorithm

    def create(self, target: Target) -> Upload:
        """Open a multipart upload whose finished object will have a full-object checksum."""

        def attempt(capabilities: Capabilities) -> Upload | None:
            algorithm = capabilities.algorithm
            answer = self._call(
                lambda s3: s3.create_multipart_upload(
                    **object_args(target),
                    **create_args(target, encrypted=capabilities.encryption_header),
                    **checksum_type_args(algorithm),
                ),
                expected=UNSUPPORTED,
            )
            upload = Upload(told(answer, "UploadId"), answer.get("AbortDate"))
            if algorithm is Algorithm.NONE or answer.get("ChecksumAlgorithm") == algorithm:
                return upload
            self.abort(target, upload.upload_id)
            return None

        return self._capabilities.with_fallbacks(attempt, encrypts=True)

    def creates_once(self) -> bool:
        """S3 opens another upload each time."""
        return False

    def put(self, target: Target, body: Body) -> StoredObject:
        """Store the whole object unless the key exists."""
        if body_checksum(Algorithm.CRC64NVME, body) != target.crc64nvme:
            raise TransientError(Code.PART_DAMAGED, "PutObject: the bytes are not those that were checked")

        def attempt(capabilities: Capabilities) -> StoredObject | None:
            algorithm = capabilities.algorithm
            if self._knows_no(algorithm):
                return None
            known = {Algorithm.CRC64NVME: target.crc64nvme, Algorithm.CRC32: target.crc32}.get(algorithm)
            checksum = known or body_checksum(algorithm, body)
            answer = self._call(
                lambda s3: s3.put_object(
                    **object_args(target),
                    **create_args(target, encrypted=capabilities.encryption_header),
                    **condition_args(conditional=capabilities.conditional_writes),
                    **checksum_args(algorithm, checksum),
                    Body=rewound(body),
                ),
                expected=UNSUPPORTED | OBJECT_EXISTS,
            )
            stored = stored_object(len(body), answer)
            if self._is_proven(answer, algorithm, checksum, body):
                return stored
            self.delete(target, stored.version_id)
            return None

        try:
            return self._capabilities.with_fallbacks(attempt, conditional=True, encrypts=True)
        except ClientError as exc:
            return self._verified(target, self._existing(target, exc), _sent_at_once(body))

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:
        """Store one part."""

        def attempt(capabilities: Capabilities) -> Part | None:
            algorithm = capabilities.algorithm
            if self._knows_no(algorithm):
                return None
            checksum = body_checksum(algorithm, body)
            answer = self._call(
                lambda s3: s3.upload_part(
                    **object_args(target),
                    **checksum_args(algorithm, checksum),
                    UploadId=upload_id,
                    PartNumber=number,
                    Body=rewound(body),
                ),
                expected=UNSUPPORTED,
            )
            if not self._is_proven(answer, algorithm, checksum, body):
                return None
            return Part(number, len(body), etag_of(answer), checksum_in(answer, algorithm))

        return self._capabilities.with_fallbacks(attempt)

    def sign_part(
        self, target: Target, upload_id: str, number: int, size: int, crc64nvme: str, seconds: int
    ) -> SignedPart:
        """A request that stores these bytes as this part for so many seconds, or as long as our keys hold; sends none.

        The store has to verify CRC64NVME: `algorithm` says so of an upload that was opened.
        """
        url: str = self._call(
            lambda s3: s3.generate_presigned_url(
                "upload_part",
                Params={
                    **object_args(target),
                    **checksum_args(Algorithm.CRC64NVME, crc64nvme),
                    "UploadId": upload_id,
                    "PartNumber": number,
                    "ContentLength": size,
                },
                ExpiresIn=seconds,
            )
        )
        return signed_part(number, size, crc64nvme, url)

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:
        """All parts, over all pages; of a part that was sent twice a store may list both copies."""

        def every_page(s3: "S3Client") -> list[Fields]:
            pages = s3.get_paginator("list_parts").paginate(**object_args(target), UploadId=upload_id)
            return [cast(Fields, part) for page in pages for part in page.get("Parts", [])]

        try:
            listed = self._call(every_page, expected=UPLOAD_GONE)
        except ClientError:
            return None
        algorithm = self._learn_from_list(listed)
        parts = (
            Part(told(part, "PartNumber"), told(part, "Size"), etag_of(part), checksum_in(part, algorithm))
            for part in listed
        )
        return tuple(dict.fromkeys(parts))

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:
        """Make the object of its parts, and see that it is the file."""
        sent = _Sent(joined_etag(parts), joined_crc32(parts))

        def attempt(capabilities: Capabilities) -> StoredObject:
            algorithm = capabilities.algorithm
            listed = [part_args(part, algorithm) for part in parts]
            answer = self._call(
                lambda s3: s3.complete_multipart_upload(
                    **object_args(target),
                    **condition_args(conditional=capabilities.conditional_writes),
                    **full_checksum_args(target, algorithm, sent.crc32),
                    UploadId=upload_id,
                    MultipartUpload={"Parts": cast(Any, listed)},
                ),
                expected=UNSUPPORTED | OBJECT_EXISTS | UPLOAD_GONE | {"BadDigest", "InvalidPart"},
            )
            stored = stored_object(sum(part.size for part in parts), answer)
            return self._verified(target, stored if stored.checksum else self._existing(target), sent)

        try:
            return self._capabilities.with_fallbacks(attempt, conditional=True)
        except ClientError as exc:
            return self._reconciled(target, upload_id, sent, exc)

    def head(self, target: Target) -> StoredObject | None:
        """The finished object, or None; also where S3 says neither, because it may not say what is not there.

        What is built on None then settles it: a conditional write is refused where the object exists after all.
        """
        try:
            return self._look_at(target, expected=OBJECT_MISSING | CANNOT_TELL)
        except ClientError:
            return None

    def find(self, target: Target) -> StoredObject | None:
        """The finished object, None only where S3 says that there is none; AccountError where it says neither.

        S3 says so to whoever may list the bucket.
        """
        try:
            return self._look_at(target, expected=OBJECT_MISSING)
        except ClientError:
            return None

    def _look_at(self, target: Target, expected: Set[str]) -> StoredObject:
        checksum_mode: Fields = {} if self.algorithm() is Algorithm.NONE else {"ChecksumMode": "ENABLED"}
        answer = self._call(lambda s3: s3.head_object(**object_args(target), **checksum_mode), expected=expected)
        if "ContentLength" not in answer:
            raise TransientError(Code.CONNECTION, "HeadObject: the answer lost its Content-Length on the way")
        return stored_object(answer["ContentLength"], answer)

    def matches(self, target: Target, found: StoredObject) -> bool:
        """Size, and checksum if the store has one; the CRC32 of a file may be unknown, and then its kind counts."""
        crc32 = found.checksum.removeprefix(f"{Algorithm.CRC32}:")
        if not target.crc32 and crc32 != found.checksum:
            return found.size == target.size and self.algorithm() is Algorithm.CRC32
        accepted = ("", f"{Algorithm.CRC64NVME}:{target.crc64nvme}", f"{Algorithm.CRC32}:{target.crc32}")
        return found.size == target.size and found.checksum in accepted

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """The open uploads of the key, over all pages."""

        def every_page(s3: "S3Client") -> tuple[str, ...]:
            pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=target.bucket, Prefix=target.key)
            uploads = [upload for page in pages for upload in page.get("Uploads", [])]
            return tuple(told(upload, "UploadId") for upload in uploads if upload.get("Key") == target.key)

        try:
            found: tuple[str, ...] = self._call(every_page, expected=LISTING_DENIED)
        except ClientError:
            return ()
        return found

    def objects_below(self, prefix: str, token: str = "", *, most: int = listing.LARGEST_PAGE) -> listing.ObjectPage:
        """A page of the finished objects, in the order of their keys; raises CallError."""
        return listing.objects_below(self._call, self._bucket, prefix, token, most)

    def uploads_below(self, prefix: str) -> tuple[listing.ListedUpload, ...]:
        """All open uploads, over all pages; none where the store cannot tell. Raises CallError."""
        return listing.uploads_below(self._call, self._bucket, prefix)

    def abort(self, target: Target, upload_id: str) -> None:
        """End the upload; again where a part landed meanwhile."""
        for _ in range(ABORT_ATTEMPTS):
            try:
                self._call(
                    lambda s3: s3.abort_multipart_upload(**object_args(target), UploadId=upload_id),
                    expected=UPLOAD_GONE,
                )
            except ClientError:
                return
            if not self.list_parts(target, upload_id):
                return
        raise TransientError(Code.STILL_STORED, "AbortMultipartUpload: parts are still listed")

    def delete(self, target: Target, version_id: str = "") -> None:
        """Remove the object with its versions, and see that it is gone."""
        removal.remove(self._call, target, version_id)

    def try_removal(self, target: Target) -> None:
        """Remove an object that never was, without a trace; raises what `delete` would."""
        removal.try_removal(self._call, target)

    def read_range(self, target: Target, offset: int, length: int) -> bytes:
        """The bytes of the finished object at the offset, fewer only at its end; raises CallError."""
        span = f"bytes={offset}-{offset + length - 1}"

        def read(s3: "S3Client") -> bytes:
            return s3.get_object(**object_args(target), Range=span)["Body"].read()

        found: bytes = self._call(read)
        return found

    def check_bucket(self) -> None:
        """Raise CallError where the bucket cannot be worked with: connection, keys, name. Needs no object's rights."""
        self._call(lambda s3: s3.list_multipart_uploads(Bucket=self._bucket, MaxUploads=1))

    def part_checksum(self, data: memoryview) -> str:
        """As the store's ListParts was seen to list it."""
        capabilities = self.capabilities
        if capabilities.lists_checksums and capabilities.algorithm is not Algorithm.NONE:
            return checksum_of(capabilities.algorithm, (data,))
        return md5_of((data,)).upper() if capabilities.upper_case_etags else md5_of((data,))

    def clock_offset(self) -> timedelta:
        """How far the store's clock is ahead, by its last answer."""
        return self._clock.offset

    def hear_time(self) -> bool:
        """Ask for the bucket, unsigned, unless an answer told the time already; its refusal tells it too."""
        try:
            return self._client.hear_time(lambda s3: s3.head_bucket(Bucket=self._bucket))
        except (BotoCoreError, ResponseParserError) as exc:
            raise translate_local(exc, Code.CONNECTION) from exc

    def reachable(self) -> bool:
        """Whether the endpoint, or the proxy before it, takes a connection; raises as any call does without keys."""
        return can_connect(self._call(lambda s3: s3.meta.endpoint_url), self._way)

    def reset(self) -> None:
        """Drop all connections; calls under way end in TransientError."""
        self._client.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        self._client.renew_credentials()

    def _call(self, operation: "Callable[[S3Client], R]", expected: Set[str] = frozenset()) -> Any:
        """The answer; a refusal with one of the `expected` codes stays a ClientError, for the caller to handle."""
        try:
            return self._client.call(operation)
        except ClientError as exc:
            if code_of(exc) in expected:
                raise
            raise translate(exc) from exc
        except (BotoCoreError, ResponseParserError) as exc:
            raise translate_local(exc, Code.CONNECTION) from exc

    def _learn_from_list(self, listed: list[Fields]) -> Algorithm:
        """The checksum that the list shows; it is also the one that the upload was opened with."""
        shown = next((known for known in Algorithm if any(checksum_in(part, known) for part in listed)), Algorithm.NONE)
        if listed:
            upper = any(etag_of(part) != etag_of(part).lower() for part in listed)
            self._capabilities.learn(lists_checksums=shown is not Algorithm.NONE, upper_case_etags=upper)
        if shown not in {Algorithm.NONE, self.algorithm()}:
            self._capabilities.learn(algorithm=shown)
        return shown

    def _knows_no(self, algorithm: Algorithm) -> bool:
        """Whether the store was found to look at no checksum but Content-MD5, since the request began."""
        return algorithm is not Algorithm.NONE and self.algorithm() is Algorithm.NONE

    def _is_proven(self, answer: Fields, algorithm: Algorithm, checksum: str, body: Body) -> bool:
        """Whether the store is known to have got these bytes; TransientError(PART_DAMAGED) where it got others.

        A store that does not repeat their checksum did not verify it: then an ETag that is their MD5 proves them, and
        else a Content-MD5 that it accepted. ETags may be anything, as where the store encrypts.
        """
        if confirmed := checksum_in(answer, algorithm):
            if confirmed != checksum:
                raise TransientError(Code.PART_DAMAGED, "the store acknowledged other bytes")
            return True
        is_md5 = etag_of(answer).lower() == md5_of(body.pieces())
        self._capabilities.learn(algorithm=Algorithm.NONE, md5_etags=is_md5)
        return is_md5 or algorithm is Algorithm.NONE

    def _existing(self, target: Target, refusal: ClientError | None = None) -> StoredObject:
        """The object that the store has just said it has; ACCESS_DENIED where we may not look at our own."""
        try:
            return self._look_at(target, expected=OBJECT_MISSING)
        except ClientError as exc:
            if refusal is not None:
                raise translate(refusal) from refusal
            raise TransientError(Code.STORAGE_BUSY, "the object is not there yet") from exc

    def _verified(self, target: Target, found: StoredObject, sent: "_Sent") -> StoredObject:
        """The object if it is the file: by its checksum, or else by the ETag where that is an MD5, and by its size."""
        etags_tell = not found.checksum and self.capabilities.md5_etags is not False
        other_etag = etags_tell and are_alike(found.etag, sent.etag) and found.etag.lower() != sent.etag
        known = target if target.crc32 else replace(target, crc32=sent.crc32)
        if not self.matches(known, found) or other_etag:
            raise JobError(Code.MISMATCH, "the object is not the file")
        return found

    def _reconciled(self, target: Target, upload_id: str, sent: "_Sent", refusal: ClientError) -> StoredObject | None:
        """What a refused Complete means, once the object was looked for: its first reply may have been lost."""
        if code_of(refusal) == "BadDigest":
            raise JobError(Code.MISMATCH, detail_of(refusal)) from refusal
        if code_of(refusal) == "InvalidPart":
            raise TransientError(Code.UPLOAD_EXPIRED, detail_of(refusal)) from refusal
        found = self._existing(target, refusal) if code_of(refusal) in OBJECT_EXISTS else self.head(target)
        if found is None and code_of(refusal) in UPLOAD_GONE:
            return None
        if found is None:
            raise translate(refusal) from refusal
        self._verified(target, found, sent)
        self.abort(target, upload_id)
        return found


def _sent_at_once(body: Body) -> _Sent:
    return _Sent(md5_of(body.pieces()), checksum_of(Algorithm.CRC32, body.pieces()))


def open_client(profile: Profile, secrets: Secrets, transport: Transport) -> "S3Client":
    """A client of the profile's store, with the keys of this moment."""
    return _client(profile, secrets, transport, ServerClock())


def _client(profile: Profile, secrets: Secrets, transport: Transport, clock: ServerClock) -> "S3Client":
    config = base_config(profile.requests_at_once + SPARE_CONNECTIONS, profile.endpoint).merge(
        Config(
            signature_version="s3v4",
            s3={
                "payload_signing_enabled": False,
                "addressing_style": "path" if profile.endpoint else "auto",
                "use_accelerate_endpoint": False,
            },
        )
    )
    made = secrets.session().create_client("s3", endpoint_url=profile.endpoint, config=config)
    client = cast("S3Client", made)
    install_transport(client, transport, clock)
    client.meta.events.register("choose-signer.s3.HeadBucket", lambda **_: UNSIGNED)
    return client
