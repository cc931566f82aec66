"""Errors by who has to act. A service translates its vendor's exceptions into these once, at the border.

CallError
├── TransientError  nobody acts: the job is queued again with backoff
├── AccountError    the account's admin acts: everything waits, one banner
└── JobError        the rep acts on this one job
Cancelled           a pause, a cancel or a stop reached a running call; not an error
Anything else is a bug: this job fails as "bug", the others go on.
"""

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """The stable name of each trouble; sentences are made from it in `ui/texts.py`."""

    # nobody
    OFFLINE = "offline"
    CONNECTION = "connection"
    STORAGE_BUSY = "storage_busy"
    PART_DAMAGED = "part_damaged"
    REGISTRY_UNREACHABLE = "registry_unreachable"
    QUEUE_UNREACHABLE = "queue_unreachable"
    UPLOAD_EXPIRED = "upload_expired"
    STILL_STORED = "still_stored"
    FILE_CHANGED = "file_changed"
    DRIVE_GONE = "drive_gone"
    FILE_LOCKED = "file_locked"
    ONLINE_ONLY = "online_only"
    CLOCK_WRONG = "clock_wrong"
    # the account
    SIGN_IN = "sign_in"
    NO_CREDENTIALS = "no_credentials"
    KEYRING_LOCKED = "keyring_locked"
    KEYS_REVOKED = "keys_revoked"
    ACCESS_DENIED = "access_denied"
    WRONG_BUCKET = "wrong_bucket"
    ENCRYPTION_DENIED = "encryption_denied"
    TLS_UNTRUSTED = "tls_untrusted"
    PROXY_LOGIN = "proxy_login"
    PROXY_BLOCKS = "proxy_blocks"
    CAPTIVE_PORTAL = "captive_portal"
    REGISTRY_DENIED = "registry_denied"
    QUEUE_DENIED = "queue_denied"
    # the rep, one job
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    PART_UNREADABLE = "part_unreadable"
    KEEPS_CHANGING = "keeps_changing"
    MISMATCH = "mismatch"
    REGISTRY_REFUSED = "registry_refused"
    STORE_REFUSED = "store_refused"
    QUEUE_REFUSED = "queue_refused"
    BUG = "bug"


class CallError(Exception):
    """A trouble with a stable code; `detail` is for logs and IT, never shown as the sentence."""

    def __init__(self, code: Code, detail: str = "", *, params: Mapping[str, str | int | float] | None = None) -> None:
        """Keep the code, the technical detail (no secret in it) and the params for the sentence."""
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.params: Mapping[str, str | int | float] = params or {}


class TransientError(CallError):
    """Raised when the same call may succeed later; `retry_after` seconds if the server asked for it."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        retry_after: float | None = None,
        params: Mapping[str, str | int | float] | None = None,
    ) -> None:
        """Keep the wait that the server asked for, beside code and detail."""
        super().__init__(code, detail, params=params)
        self.retry_after = retry_after


class AccountError(CallError):
    """Raised when no call can succeed until the account, its keys or its network are put right."""


class JobError(CallError):
    """Raised when this one call needs the rep."""


class Cancelled(Exception):  # noqa: N818 - DESIGN.md: not an error
    """Raised inside a running call when its job was paused, cancelled or stopped."""
