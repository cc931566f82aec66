"""The object store: engine.ports.Store over S3. Any thread; one client, made by the first call."""

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, TypeVar, cast

from awscrt import checksums
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Body, StoredObject, Target, Upload
from callup_desktop.services.aws import (
    AwsClient,
    ServerClock,
    base_config,
    code_of,
    detail_of,
    install_transport,
    retry_after_of,
    status_of,
    translate_local,
)
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import STALL, Transport, reachable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

R = TypeVar("R")
Fields = dict[str, Any]

SPARE_CONNECTIONS = 4
"""Beside those of the parts: listing, completing and aborting for other jobs."""
ABORT_TRIES = 3

_GONE = frozenset({"NoSuchUpload", "404"})
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
_UNSUPPORTED = frozenset({"NotImplemented", "501", "InvalidArgument", "InvalidRequest"})
"""How stores refuse a header that they do not know; AWS's own word for an unknown checksum is InvalidRequest."""
_UNLISTABLE = frozenset({"AccessDenied", "NotImplemented", "501", "MethodNotAllowed"})

_DAMAGED = frozenset({"BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
_BUSY = frozenset(
    {"InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted", "TemporaryRedirect"}
    | {"ConditionalRequestConflict", "409", "Throttling", "ThrottlingException", "RequestLimitExceeded"}
)
_BUSY_STATUSES = frozenset({408, 429})
_SIGN_IN = frozenset({"ExpiredToken", "TokenRefreshRequired", "InvalidToken", "400"})
"""400 without a word is what HeadObject says to an expired token."""
_DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "SignatureDoesNotMatch", "403"})
_WRONG_PLACE = frozenset(
    {"NoSuchBucket", "PermanentRedirect", "301", "AuthorizationHeaderMalformed", "InvalidBucketName"}
    | {"IllegalLocationConstraintException", "MethodNotAllowed"}
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of the store: a checksum, and whether to refuse overwriting."""

    algorithm: Algorithm = Algorithm.CRC64NVME
    conditional: bool = True


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the store was found to do: the best terms it takes, and whether ListParts tells checksums."""

    terms: Terms = Terms()
    lists_checksums: bool = True


_LADDER = tuple(Terms(algorithm, conditional) for algorithm in Algorithm for conditional in (True, False))


class S3Store:
    """S3 and what speaks like it. What a store lacks is found out once and remembered for this run."""

    def __init__(
        self, profile: Profile, secrets: Secrets, clock: ServerClock | None = None, *, stall: float = STALL
    ) -> None:
        """Connect to nothing yet; `clock` may be shared with the queue, `stall` is seconds without a byte."""
        connections, signing = profile.requests_at_once + SPARE_CONNECTIONS, clock or ServerClock()
        transport = Transport(connections=connections, stall=stall)
        self._client: AwsClient[S3Client] = AwsClient(
            lambda: _client(profile, secrets, transport, signing), transport, signing
        )
        self._lock = Lock()
        self._abilities = Abilities()

    @property
    def abilities(self) -> Abilities:
        """What was learnt so far."""
        with self._lock:
            return self._abilities

    def algorithm(self) -> Algorithm:
        """The checksum in use."""
        return self.abilities.terms.algorithm

    def create(self, target: Target) -> Upload:
        """Open a multipart upload whose finished object will have a full-object checksum."""

        def attempt(terms: Terms) -> Upload | None:
            answer = self._ask(
                lambda s3: s3.create_multipart_upload(**_place(target), **_nature(target), **_kind(terms.algorithm)),
                own=_UNSUPPORTED,
            )
            upload = Upload(answer["UploadId"], answer.get("AbortDate"))
            if terms.algorithm is Algorithm.NONE or answer.get("ChecksumAlgorithm") == terms.algorithm:
                return upload
            self.abort(target, upload.upload_id)
            return None

        return self._on_best_terms(attempt, conditional=False)

    def put(self, target: Target, body: Body) -> StoredObject:
        """Store the whole object unless the key exists."""
        if checksum_of(Algorithm.CRC64NVME, body.data) != target.crc64nvme:
            raise TransientError(Code.PART_DAMAGED, "PutObject: the bytes are not those that were checked")

        def attempt(terms: Terms) -> StoredObject:
            checksum = _whole_checksum(target, terms.algorithm) or _md5(body.data)
            answer = self._ask(
                lambda s3: s3.put_object(
                    **_place(target),
                    **_nature(target),
                    **_condition(terms),
                    **_proof(terms.algorithm, checksum),
                    Body=_rewound(body),
                ),
                own=_UNSUPPORTED | _TAKEN,
            )
            self._check_arrived(answer, terms.algorithm, checksum, body)
            return StoredObject(len(body), _etag(answer), _told(answer))

        try:
            return self._on_best_terms(attempt, conditional=True)
        except ClientError as exc:
            if (found := self.head(target)) is None:
                raise translate(exc) from exc
            return self._proven(target, found, etag=_md5(body.data))

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:
        """Store one part."""

        def attempt(terms: Terms) -> Part:
            checksum = checksum_of(terms.algorithm, body.data)
            answer = self._ask(
                lambda s3: s3.upload_part(
                    **_place(target),
                    **_proof(terms.algorithm, checksum),
                    UploadId=upload_id,
                    PartNumber=number,
                    Body=_rewound(body),
                ),
                own=_UNSUPPORTED,
            )
            self._check_arrived(answer, terms.algorithm, checksum, body)
            return Part(number, len(body), _etag(answer), _told_as(terms.algorithm, answer))

        return self._on_best_terms(attempt, conditional=False)

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:
        """All parts, over all pages."""

        def every_page(s3: "S3Client") -> list[Fields]:
            pages = s3.get_paginator("list_parts").paginate(**_place(target), UploadId=upload_id)
            return [cast(Fields, part) for page in pages for part in page.get("Parts", [])]

        try:
            listed = self._ask(every_page, own=_GONE)
        except ClientError:
            return None
        told = self._learn_listed(listed)
        return tuple(Part(part["PartNumber"], part["Size"], _etag(part), _told_as(told, part)) for part in listed)

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:
        """Make the object of its parts, and see that it is the file."""

        def attempt(terms: Terms) -> StoredObject:
            listed = [_named(part, terms.algorithm) for part in parts]
            answer = self._ask(
                lambda s3: s3.complete_multipart_upload(
                    **_place(target),
                    **_condition(terms),
                    **_whole_proof(target, terms.algorithm),
                    UploadId=upload_id,
                    MultipartUpload={"Parts": cast(Any, listed)},
                ),
                own=_UNSUPPORTED | _TAKEN | _GONE | {"BadDigest", "InvalidPart"},
            )
            stored = StoredObject(sum(part.size for part in parts), _etag(answer), _told(answer))
            return self._proven(target, stored if stored.checksum else self._seen(target), etag=_joined_etag(parts))

        try:
            return self._on_best_terms(attempt, conditional=True)
        except ClientError as exc:
            return self._reconciled(target, upload_id, parts, exc)

    def head(self, target: Target) -> StoredObject | None:
        """The finished object, or None."""
        asked: Fields = {} if self.algorithm() is Algorithm.NONE else {"ChecksumMode": "ENABLED"}
        try:
            answer = self._ask(lambda s3: s3.head_object(**_place(target), **asked), own=_MISSING)
        except ClientError:
            return None
        if "ContentLength" not in answer:
            raise TransientError(Code.CONNECTION, "HeadObject: the answer lost its Content-Length on the way")
        return StoredObject(answer["ContentLength"], _etag(answer), _told(answer))

    def matches(self, target: Target, found: StoredObject) -> bool:
        """Size, and checksum if the store tells one."""
        wanted = ("", *(f"{algorithm}:{_whole_checksum(target, algorithm)}" for algorithm in Algorithm))
        return found.size == target.size and found.checksum in wanted

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """The open uploads of the key, over all pages."""

        def every_page(s3: "S3Client") -> tuple[str, ...]:
            pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=target.bucket, Prefix=target.key)
            uploads = [upload for page in pages for upload in page.get("Uploads", [])]
            return tuple(upload["UploadId"] for upload in uploads if upload["Key"] == target.key)

        try:
            found: tuple[str, ...] = self._ask(every_page, own=_UNLISTABLE)
        except ClientError:
            return ()
        return found

    def abort(self, target: Target, upload_id: str) -> None:
        """End the upload; again where a part landed meanwhile."""
        for _ in range(ABORT_TRIES):
            try:
                self._ask(lambda s3: s3.abort_multipart_upload(**_place(target), UploadId=upload_id), own=_GONE)
            except ClientError:
                return
            if not self.list_parts(target, upload_id):
                return
        raise TransientError(Code.STILL_STORED, "AbortMultipartUpload: parts are still listed")

    def delete(self, target: Target) -> None:
        """Remove the object and see that it is gone."""
        self._ask(lambda s3: s3.delete_object(**_place(target)))
        if self.head(target) is not None:
            raise TransientError(Code.STILL_STORED, "DeleteObject: the object is still there")

    def part_checksum(self, data: memoryview) -> str:
        """As the store's ListParts was seen to tell it."""
        abilities = self.abilities
        return checksum_of(abilities.terms.algorithm if abilities.lists_checksums else Algorithm.NONE, data)

    def reachable(self) -> bool:
        """Whether the endpoint, or the proxy before it, takes a connection; raises as any call does without keys."""
        return reachable(self._ask(lambda s3: s3.meta.endpoint_url))

    def reset(self) -> None:
        """Drop all connections; calls under way end in TransientError."""
        self._client.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again; calls under way are not cut."""
        self._client.renew_credentials()

    def _ask(self, question: "Callable[[S3Client], R]", own: Set[str] = frozenset()) -> Any:
        """The answer; a refusal with one of the caller's `own` codes stays a ClientError."""
        try:
            return self._client.call(question)
        except ClientError as exc:
            if code_of(exc) in own:
                raise
            raise translate(exc) from exc
        except (BotoCoreError, ResponseParserError) as exc:
            raise translate_local(exc, Code.CONNECTION) from exc

    def _on_best_terms(self, attempt: Callable[[Terms], R | None], *, conditional: bool) -> R:
        """What `attempt` brings on the best terms that the store takes; None from it means: not on these.

        Terms are given up for good only once weaker ones worked, so that no other trouble is taken for a lack.
        `conditional`: whether the request refuses overwriting at all.
        """
        known = self.abilities.terms
        *ladder, weakest = (
            terms for terms in _LADDER[_LADDER.index(known) :] if conditional or terms.conditional == known.conditional
        )
        for terms in ladder:
            try:
                result = attempt(terms)
            except ClientError as exc:
                if code_of(exc) not in _UNSUPPORTED:
                    raise
            else:
                if result is not None:
                    self._settle_for(terms, known)
                    return result
        return self._on_last_terms(attempt, weakest, known)

    def _on_last_terms(self, attempt: Callable[[Terms], R | None], weakest: Terms, known: Terms) -> R:
        try:
            result = attempt(weakest)
        except ClientError as exc:
            if code_of(exc) in _UNSUPPORTED:
                raise translate(exc) from exc
            raise
        self._settle_for(weakest, known)
        return cast(R, result)

    def _settle_for(self, terms: Terms, known: Terms) -> None:
        if terms != known:
            self._learn(terms=terms)

    def _learn(self, **found: Any) -> None:
        with self._lock:
            self._abilities = replace(self._abilities, **found)

    def _learn_listed(self, listed: list[Fields]) -> Algorithm:
        """The checksum that the list tells; it is also the one that the upload was opened with."""
        told = next((known for known in Algorithm if any(_told_as(known, part) for part in listed)), Algorithm.NONE)
        if listed:
            self._learn(lists_checksums=told is not Algorithm.NONE)
        if told not in {Algorithm.NONE, self.algorithm()}:
            self._learn(terms=replace(self.abilities.terms, algorithm=told))
        return told

    def _check_arrived(self, answer: Fields, algorithm: Algorithm, checksum: str, body: Body) -> None:
        """Raise unless the store got these bytes. One that does not repeat their checksum did not look at it."""
        told = _told_as(algorithm, answer)
        if algorithm is not Algorithm.NONE and not told:
            self._learn(terms=replace(self.abilities.terms, algorithm=Algorithm.NONE))
        if (told != checksum) if told else (_etag(answer) != _md5(body.data)):
            raise TransientError(Code.PART_DAMAGED, "the store acknowledged other bytes")

    def _seen(self, target: Target) -> StoredObject:
        found = self.head(target)
        if found is None:
            raise TransientError(Code.STORAGE_BUSY, "CompleteMultipartUpload: the object is not there yet")
        return found

    def _proven(self, target: Target, found: StoredObject, *, etag: str) -> StoredObject:
        """The object if it is the file: by its checksum, or else by the ETag where both could be worked out."""
        comparable = not found.checksum and etag and found.etag.count("-") == etag.count("-")
        if not self.matches(target, found) or (comparable and found.etag != etag):
            raise JobError(Code.MISMATCH, "the object is not the file")
        return found

    def _reconciled(
        self, target: Target, upload_id: str, parts: tuple[Part, ...], refusal: ClientError
    ) -> StoredObject | None:
        """What a refused Complete means, once the object was looked for: its first reply may have been lost."""
        match code_of(refusal):
            case "BadDigest":
                raise JobError(Code.MISMATCH, detail_of(refusal)) from refusal
            case "InvalidPart":
                raise TransientError(Code.UPLOAD_EXPIRED, detail_of(refusal)) from refusal
        found = self.head(target)
        if found is not None:
            self._proven(target, found, etag=_joined_etag(parts))
            self.abort(target, upload_id)
            return found
        if code_of(refusal) in _GONE:
            return None
        raise translate(refusal) from refusal


def translate(exc: ClientError) -> CallError:
    """What S3's refusal means, by who has to act (FACTS.md, "Error codes"); by code alone, never by message."""
    code, status, detail = code_of(exc), status_of(exc), detail_of(exc)
    if code in _DAMAGED:
        return TransientError(Code.PART_DAMAGED, detail)
    if code == "NoSuchUpload":
        return TransientError(Code.UPLOAD_EXPIRED, detail)
    if code == "RequestTimeTooSkewed":
        return TransientError(Code.CLOCK_WRONG, detail)
    if code in _SIGN_IN:
        return AccountError(Code.SIGN_IN, detail)
    if code == "InvalidAccessKeyId":
        return AccountError(Code.KEYS_REVOKED, detail)
    if code.startswith("KMS."):
        return AccountError(Code.ENCRYPTION_DENIED, detail)
    if code in _WRONG_PLACE:
        return AccountError(Code.WRONG_BUCKET, detail)
    if code in _DENIED:
        return AccountError(Code.ACCESS_DENIED, detail)
    if code in _BUSY or status in _BUSY_STATUSES or (status >= 500 and code not in _UNSUPPORTED):
        return TransientError(Code.STORAGE_BUSY, detail, retry_after=retry_after_of(exc))
    return JobError(Code.STORE_REFUSED, detail)


def _client(profile: Profile, secrets: Secrets, transport: Transport, clock: ServerClock) -> "S3Client":
    config = base_config(profile.requests_at_once + SPARE_CONNECTIONS).merge(
        Config(s3={"payload_signing_enabled": False, "addressing_style": "path" if profile.endpoint else "auto"})
    )
    client = secrets.session().client("s3", endpoint_url=profile.endpoint, config=config)
    install_transport(client, transport, clock)
    return client


def _place(target: Target) -> Fields:
    return {"Bucket": target.bucket, "Key": target.key}


def _nature(target: Target) -> Fields:
    return {"ContentType": target.content_type, "ServerSideEncryption": "AES256"}


def _condition(terms: Terms) -> Fields:
    return {"IfNoneMatch": "*"} if terms.conditional else {}


def _kind(algorithm: Algorithm) -> Fields:
    return {} if algorithm is Algorithm.NONE else {"ChecksumAlgorithm": algorithm.value, "ChecksumType": "FULL_OBJECT"}


def _proof(algorithm: Algorithm, checksum: str) -> Fields:
    """The checksum field of a put; Content-MD5 is older than the others, and looked at by most stores."""
    if algorithm is Algorithm.NONE:
        return {"ContentMD5": b64encode(bytes.fromhex(checksum)).decode()}
    return {f"Checksum{algorithm}": checksum}


def _whole_proof(target: Target, algorithm: Algorithm) -> Fields:
    if algorithm is Algorithm.NONE:
        return {}
    checksum = {f"Checksum{algorithm}": _whole_checksum(target, algorithm)}
    return {**checksum, "ChecksumType": "FULL_OBJECT", "MpuObjectSize": target.size}


def _named(part: Part, algorithm: Algorithm) -> Fields:
    checksum = {f"Checksum{algorithm}": part.checksum} if part.checksum else {}
    return {"PartNumber": part.number, "ETag": f'"{part.etag}"', **checksum}


def _whole_checksum(target: Target, algorithm: Algorithm) -> str:
    match algorithm:
        case Algorithm.CRC64NVME:
            return target.crc64nvme
        case Algorithm.CRC32:
            return target.crc32
        case Algorithm.NONE:
            return ""


def checksum_of(algorithm: Algorithm, data: memoryview) -> str:
    """The checksum in base64, or the MD5 in hexadecimal, as an ETag has it, where there is no algorithm."""
    match algorithm:
        case Algorithm.CRC64NVME:
            return b64encode(checksums.crc64nvme(data).to_bytes(8, "big")).decode()
        case Algorithm.CRC32:
            return b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()
        case Algorithm.NONE:
            return _md5(data)


def _md5(data: memoryview) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _joined_etag(parts: tuple[Part, ...]) -> str:
    """The ETag that S3 makes of parts' MD5s; "" where the parts' ETags are something else."""
    try:
        digests = b"".join(bytes.fromhex(part.etag) for part in parts)
    except ValueError:
        return ""
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"


def _etag(answer: Fields) -> str:
    if not answer.get("ETag"):
        raise TransientError(Code.CONNECTION, "the answer has no ETag, so it is not a store's")
    return str(answer["ETag"]).strip('"')


def _told_as(algorithm: Algorithm, answer: Fields) -> str:
    return str(answer.get(f"Checksum{algorithm}", ""))


def _told(answer: Fields) -> str:
    """The full-object checksum in the answer, as "CRC64NVME:base64", or "". One of parts' checksums ends in -N."""
    for algorithm in (Algorithm.CRC64NVME, Algorithm.CRC32):
        if (value := _told_as(algorithm, answer)) and "-" not in value:
            return f"{algorithm}:{value}"
    return ""


def _rewound(body: Body) -> IO[Any]:
    body.seek(0)
    return cast(IO[Any], body)
