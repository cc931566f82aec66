"""The fields of S3 requests, and what is read from the answers. Pure functions, any thread."""

import hashlib
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import IO, Any, assert_never, cast
from urllib.parse import parse_qs, urlsplit

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Body, StoredObject, Target
from callup_desktop.recordings import checksums
from callup_desktop.recordings.recording import CRC64_BYTES, PIECE

Fields = dict[str, Any]
_CRC32_BYTES = 4
_MD5 = re.compile(r"[0-9A-Fa-f]{32}(-(?P<parts>[0-9]+))?")


_SIGNED_AT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class SignedPart:
    """One request that stores one part and needs no keys: whoever has the URL may send it until it expires."""

    number: int
    url: str
    headers: Mapping[str, str]
    """They are signed, so the request is refused without them or with others."""
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the URL, which is a secret."""
        return f"SignedPart(number={self.number}, expires_at={self.expires_at})"


def signed_part(number: int, size: int, checksum: str, url: str) -> SignedPart:
    """The request that the URL was signed for."""
    told = parse_qs(urlsplit(url).query)
    signed_at = datetime.strptime(told["X-Amz-Date"][0], _SIGNED_AT).replace(tzinfo=UTC)
    headers = {"Content-Length": str(size), f"x-amz-checksum-{Algorithm.CRC64NVME.lower()}": checksum}
    return SignedPart(number, url, headers, signed_at + timedelta(seconds=int(told["X-Amz-Expires"][0])))


def object_args(target: Target) -> Fields:
    """Where the object is."""
    return {"Bucket": target.bucket, "Key": target.key}


def create_args(target: Target, *, encrypted: bool) -> Fields:
    """What a new object is: its media type, and that the store is asked to encrypt it."""
    return {"ContentType": target.content_type, **({"ServerSideEncryption": "AES256"} if encrypted else {})}


def condition_args(*, conditional: bool) -> Fields:
    """Whether the store is asked to refuse where the key exists."""
    return {"IfNoneMatch": "*"} if conditional else {}


def checksum_type_args(algorithm: Algorithm) -> Fields:
    """The checksum that a multipart upload is opened with."""
    return {} if algorithm is Algorithm.NONE else {"ChecksumAlgorithm": algorithm.value, "ChecksumType": "FULL_OBJECT"}


def checksum_args(algorithm: Algorithm, checksum: str) -> Fields:
    """The checksum of a body; Content-MD5 is older than the others, and most stores verify it."""
    if algorithm is Algorithm.NONE:
        return {"ContentMD5": b64encode(bytes.fromhex(checksum)).decode()}
    return {f"Checksum{algorithm}": checksum}


def full_checksum_args(target: Target, algorithm: Algorithm, crc32: str) -> Fields:
    """The checksum and size that the finished object must have; `crc32` is of all that was sent."""
    if algorithm is Algorithm.NONE:
        return {}
    checksum = target.crc64nvme if algorithm is Algorithm.CRC64NVME else target.crc32 or crc32
    told = {f"Checksum{algorithm}": checksum} if checksum else {}
    return {**told, "ChecksumType": "FULL_OBJECT", "MpuObjectSize": target.size}


def part_args(part: Part, algorithm: Algorithm) -> Fields:
    """A part as CompleteMultipartUpload lists it."""
    checksum = {f"Checksum{algorithm}": part.checksum} if part.checksum else {}
    return {"PartNumber": part.number, "ETag": f'"{part.etag}"', **checksum}


def rewound(body: Body) -> IO[Any]:
    """The body from its start, as each attempt sends it."""
    body.seek(0)
    return cast(IO[Any], body)


def body_checksum(algorithm: Algorithm, body: Body) -> str:
    """`checksum_of` a body, which is not read for it where its pieces are known; each is then verified as it leaves."""
    if algorithm is not Algorithm.CRC64NVME or not body.crc64nvmes:
        return checksum_of(algorithm, body.pieces())
    body.verify_with(checksums.crc64nvme)
    return joined_crc64nvme(body.crc64nvmes, len(body))


def joined_crc64nvme(pieces: bytes, size: int) -> str:
    """The CRC64NVME in base64 of so many bytes, made of those of their pieces."""
    joined, rest = 0, size
    for at in range(0, len(pieces), CRC64_BYTES):
        known = int.from_bytes(pieces[at : at + CRC64_BYTES], "big")
        joined = checksums.combine_crc64nvme(joined, known, min(PIECE, rest))
        rest -= PIECE
    return _base64(joined, CRC64_BYTES)


def checksum_of(algorithm: Algorithm, pieces: Iterable[memoryview]) -> str:
    """The checksum in base64; where there is no algorithm, the MD5 in hexadecimal, as an ETag has it."""
    match algorithm:
        case Algorithm.CRC64NVME:
            return _base64(reduce(lambda known, piece: checksums.crc64nvme(piece, known), pieces, 0), CRC64_BYTES)
        case Algorithm.CRC32:
            return _base64(reduce(lambda known, piece: zlib.crc32(piece, known), pieces, 0), _CRC32_BYTES)
        case Algorithm.NONE:
            return md5_of(pieces)
        case _:
            assert_never(algorithm)


def _base64(checksum: int, length: int) -> str:
    return b64encode(checksum.to_bytes(length, "big")).decode()


def md5_of(pieces: Iterable[memoryview]) -> str:
    """The MD5 in hexadecimal: the ETag of an object or a part that holds these bytes."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def joined_crc32(parts: tuple[Part, ...]) -> str:
    """The CRC32 of all the parts' bytes in base64, made of theirs; "" where a part has another checksum or none."""
    joined = 0
    for part in parts:
        checksum = b64decode(part.checksum)
        if len(checksum) != _CRC32_BYTES:
            return ""
        joined = checksums.combine_crc32(joined, int.from_bytes(checksum, "big"), part.size)
    return _base64(joined, _CRC32_BYTES)


def joined_etag(parts: tuple[Part, ...]) -> str:
    """The ETag that S3 makes of the parts' MD5s; "" where their ETags are something else."""
    try:
        digests = b"".join(bytes.fromhex(part.etag) for part in parts)
    except ValueError:
        return ""
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}"


def are_alike(etag: str, other: str) -> bool:
    """Whether both are the MD5 of something, or both of so many parts."""
    shapes = [_MD5.fullmatch(each) for each in (etag, other)]
    return all(shapes) and len({shape["parts"] for shape in shapes if shape}) == 1


def etag_of(answer: Fields) -> str:
    """The ETag without its quotes; raises TransientError where the answer has none, as then no store gave it."""
    if not answer.get("ETag"):
        raise TransientError(Code.CONNECTION, "the answer has no ETag, so it is not a store's")
    return str(answer["ETag"]).strip('"')


def checksum_in(answer: Fields, algorithm: Algorithm) -> str:
    """The checksum of this algorithm in the answer, or ""."""
    return str(answer.get(f"Checksum{algorithm}", ""))


def full_checksum(answer: Fields) -> str:
    """The full-object checksum in the answer, as "CRC64NVME:base64", or ""; a composite one ends in -N."""
    for algorithm in (Algorithm.CRC64NVME, Algorithm.CRC32):
        if (value := checksum_in(answer, algorithm)) and "-" not in value:
            return f"{algorithm}:{value}"
    return ""


def stored_object(size: int, answer: Fields) -> StoredObject:
    """The object of this many bytes that the answer tells of."""
    return StoredObject(size, etag_of(answer), full_checksum(answer), str(answer.get("VersionId", "")))
