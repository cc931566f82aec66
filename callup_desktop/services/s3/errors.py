"""How S3 refuses: its error codes in groups, and what a refusal means by who has to act. Pure functions, any thread."""

from botocore.exceptions import ClientError

from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.services.aws import code_of, detail_of, retry_after_of, status_of

UPLOAD_GONE = frozenset({"NoSuchUpload", "404"})
OBJECT_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
CANNOT_TELL = frozenset({"403", "AccessDenied"})
"""HeadObject of a key that is not there, where listing the bucket is not allowed (docs/facts.md, "S3 errors")."""
OBJECT_EXISTS = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
UNSUPPORTED = frozenset({"NotImplemented", "501", "InvalidArgument", "InvalidRequest"})
"""How stores refuse a header that they do not know; AWS's own code for an unknown checksum is InvalidRequest."""
LISTING_DENIED = frozenset({"AccessDenied", "NotImplemented", "501", "MethodNotAllowed"})

_DAMAGED = frozenset({"BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
_BUSY = frozenset(
    {"InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout", "OperationAborted", "TemporaryRedirect"}
    | {"ConditionalRequestConflict", "409", "Throttling", "ThrottlingException", "RequestLimitExceeded"}
)
_BUSY_STATUSES = frozenset({408, 429})
_SIGN_IN = frozenset({"ExpiredToken", "TokenRefreshRequired", "InvalidToken", "400"})
"""400 without a body is what HeadObject answers to an expired token."""
_DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "SignatureDoesNotMatch", "403"})
_WRONG_BUCKET = frozenset(
    {"NoSuchBucket", "PermanentRedirect", "301", "AuthorizationHeaderMalformed", "InvalidBucketName"}
    | {"IllegalLocationConstraintException", "MethodNotAllowed"}
)


def translate(exc: ClientError) -> CallError:
    """What S3's refusal means, by who has to act (docs/facts.md, "S3 errors"); by code alone, never by message."""
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
    if code in _WRONG_BUCKET:
        return AccountError(Code.WRONG_BUCKET, detail)
    if code in _DENIED:
        return AccountError(Code.ACCESS_DENIED, detail)
    if code in _BUSY or status in _BUSY_STATUSES or (status >= 500 and code not in UNSUPPORTED):
        return TransientError(Code.STORAGE_BUSY, detail, retry_after=retry_after_of(exc))
    return JobError(Code.STORE_REFUSED, detail)
