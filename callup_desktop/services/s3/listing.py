"""What the bucket holds below a prefix: finished objects a page at a time, and open uploads. Any thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from callup_desktop.services.aws import told
from callup_desktop.services.s3.requests import Fields, etag_of

LARGEST_PAGE = 1000
"""S3 tells no more at once."""
_CANNOT_TELL = frozenset({"NotImplemented", "501"})

Call = Callable[..., Any]
"""`S3Store`'s way to the store: an operation, and the `expected` codes of refusals that stay a ClientError."""


@dataclass(frozen=True, slots=True)
class ListedObject:
    """A finished object."""

    key: str
    size: int
    etag: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """Some of the objects, and the token with which the next ones are asked for; "" after the last."""

    objects: tuple[ListedObject, ...]
    next_token: str


@dataclass(frozen=True, slots=True)
class ListedUpload:
    """A multipart upload that is open."""

    key: str
    begun_at: datetime


def objects_below(call: Call, bucket: str, prefix: str, token: str, most: int) -> ObjectPage:
    """The page after the token; the first one for ""."""
    after = {"ContinuationToken": token} if token else {}
    answer: Fields = call(lambda s3: s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=most, **after))
    objects = tuple(
        ListedObject(told(found, "Key"), int(found.get("Size", 0)), etag_of(found), told(found, "LastModified"))
        for found in answer.get("Contents", [])
    )
    # A page that was cut off and tells no token would else look like the last one.
    return ObjectPage(objects, str(told(answer, "NextContinuationToken")) if answer.get("IsTruncated") else "")


def uploads_below(call: Call, bucket: str, prefix: str) -> tuple[ListedUpload, ...]:
    """Every open upload whose key begins so."""

    def every_page(s3: Any) -> tuple[ListedUpload, ...]:
        pages = s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix)
        found = [upload for page in pages for upload in page.get("Uploads", [])]
        listed = (ListedUpload(told(upload, "Key"), told(upload, "Initiated")) for upload in found)
        return tuple(upload for upload in listed if upload.key.startswith(prefix))

    try:
        uploads: tuple[ListedUpload, ...] = call(every_page, expected=_CANNOT_TELL)
    except ClientError:
        return ()
    return uploads
