"""How an object goes, with every version that was made of it. Any thread.

A delete that names no version only hides the object where the bucket keeps versions (docs/facts.md, "S3 versions").
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from botocore.exceptions import ClientError

from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.engine.ports import Target
from callup_desktop.files.errors import Params
from callup_desktop.services.aws import code_of, detail_of, header_of, told
from callup_desktop.services.s3.errors import LISTING_DENIED, OBJECT_MISSING
from callup_desktop.services.s3.requests import Fields, object_args

ATTEMPTS = 3
"""How often the key is looked at again, as the version below the removed one shows then."""
_VERSION_GONE = OBJECT_MISSING | {"NoSuchVersion"}
_VERSIONS_UNKNOWN = frozenset({"NotImplemented", "501", "InvalidArgument"})
"""How a store refuses the name of a version that it told itself."""
_KEPT = frozenset({"AccessDenied", "403", "InvalidRequest", "MethodNotAllowed", "405", "ObjectLocked"})
"""How stores refuse to remove what is locked, and what this person may not remove; AWS says AccessDenied to both."""

Call = Callable[..., Any]
"""`S3Store`'s way to the store: an operation, and the `expected` codes of refusals that stay a ClientError."""


class _Absent(Enum):
    """Why no object shows at a key."""

    GONE = "gone"
    HIDDEN = "hidden"
    """A delete marker lies over the versions."""
    UNTOLD = "untold"
    """The store does not say: 403 is also its answer for a missing object without the permission to list."""


def remove(call: Call, target: Target, version_id: str = "") -> None:
    """Remove this version, then each that shows at the key; returns only once none does.

    Raises JobError(REMOVAL_DENIED) where the store keeps one, TransientError(STILL_STORED) where one still shows.
    """
    settled = bool(version_id)
    if version_id:
        _delete(call, target, version_id)
    for _ in range(ATTEMPTS):
        match _look(call, target):
            case _Absent.GONE if settled:
                return
            case _Absent.GONE:
                _uncover(call, target, is_hidden=False)
                return
            case _Absent.HIDDEN:
                _uncover(call, target, is_hidden=not version_id)
                return
            case _Absent.UNTOLD:
                if not settled:
                    _delete_untold(call, target)
                return
            case str(shown):
                _delete(call, target, shown)
                settled = settled or not shown  # a bucket without versions hides none
    raise TransientError(Code.STILL_STORED, "DeleteObject: the object is still there")


def try_removal(call: Call, target: Target) -> None:
    """Remove an object that never was, and the delete marker that this leaves; raises what `remove` would."""
    marker = _deleted(call, target, "")
    if marker.get("DeleteMarker") and marker.get("VersionId"):
        _deleted(call, target, str(marker["VersionId"]))


def _delete_untold(call: Call, target: Target) -> None:
    """Remove what may be there. Where only a marker comes of it, that goes again, with all that it would hide."""
    marker = _deleted(call, target, "")
    if marker.get("DeleteMarker"):
        if marker.get("VersionId"):
            _deleted(call, target, str(marker["VersionId"]))
        _uncover(call, target, is_hidden=True)


def _look(call: Call, target: Target) -> str | _Absent:
    """The version that shows at the key, "" where the store tells none, or why nothing shows."""
    try:
        answer = call(lambda s3: s3.head_object(**object_args(target)), expected=OBJECT_MISSING)
    except ClientError as exc:
        return _Absent.HIDDEN if header_of(exc, "x-amz-delete-marker") == "true" else _Absent.GONE
    except AccountError as exc:
        if exc.code is not Code.ACCESS_DENIED:
            raise
        return _Absent.UNTOLD
    return str(answer.get("VersionId", ""))


def _uncover(call: Call, target: Target, *, is_hidden: bool) -> None:
    """Remove what lies under a delete marker, of which not every store tells; `is_hidden`: it told so."""

    def every_page(s3: Any) -> list[str]:
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=target.bucket, Prefix=target.key)
        versions = [version for page in pages for version in page.get("Versions", [])]
        return [told(version, "VersionId") for version in versions if version.get("Key") == target.key]

    try:
        versions = call(every_page, expected=LISTING_DENIED)
    except (ClientError, JobError) as exc:
        if not is_hidden:
            return
        raise JobError(Code.REMOVAL_DENIED, "a delete marker hides what it was") from exc
    for version in versions:
        _delete(call, target, version)


def _delete(call: Call, target: Target, version_id: str) -> None:
    """Remove one version; without its name, only where that does not merely hide it."""
    if _deleted(call, target, version_id).get("DeleteMarker"):
        raise JobError(Code.REMOVAL_DENIED, "DeleteObject: the store only hid the object")


def _deleted(call: Call, target: Target, version_id: str) -> Fields:
    """The store's answer to the delete; nothing in it where the version was gone, or where its name is of a marker."""
    version: Fields = {"VersionId": version_id} if version_id else {}
    try:
        answer: Fields = call(
            lambda s3: s3.delete_object(**object_args(target), **version),
            expected=_VERSION_GONE | _VERSIONS_UNKNOWN | _KEPT,
        )
    except ClientError as exc:
        if code_of(exc) in _VERSION_GONE:
            return {}
        if version_id and code_of(exc) in _VERSIONS_UNKNOWN:
            return _deleted(call, target, "")
        raise JobError(
            Code.REMOVAL_DENIED, detail_of(exc), params=_lock_on(call, target, version_id) if version_id else None
        ) from exc
    return {} if version_id else answer


def _lock_on(call: Call, target: Target, version_id: str) -> Params:
    """What locks the version, as far as the store tells it to this person."""
    try:
        answer: Fields = call(lambda s3: s3.head_object(**object_args(target), VersionId=version_id))
    except CallError:
        return {}
    if answer.get("ObjectLockLegalHoldStatus") == "ON":
        return {"hold": 1}
    until = answer.get("ObjectLockRetainUntilDate")
    return {"until": until.date().isoformat()} if until is not None else {}
