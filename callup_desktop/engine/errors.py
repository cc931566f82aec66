"""Errors by who has to act. A service translates its vendor's exceptions into these once, at the border. Any thread.

CallError
├── TransientError  the same call may succeed later: the job is queued again with backoff
│   └── NotSentError  and it is certain that this try changed nothing
├── AccountError    the service refuses everybody: its circuit breaker opens, one banner
└── JobError        this one job cannot go on by itself
Cancelled           a pause, a cancel or a stop reached a running call; not an error
Anything else is a bug: this job fails as "bug", the others go on.

CATALOGUE is the one table of what each code means; the sentences are in `presentation/messages`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from callup_desktop.engine.backoff import ACCOUNT, FILE, FULL, KEYRING, NAME, NETWORK, PORTAL, SERVER, SIGN_IN, Curve
from callup_desktop.files.errors import Params, Refusal, Wait
from callup_desktop.recordings.recording import Doubt


class Code(StrEnum):
    """The stable name of each trouble beside those of files (`files.errors`)."""

    # the same call may succeed later
    OFFLINE = "offline"
    CONNECTION = "connection"
    STORAGE_BUSY = "storage_busy"
    PART_DAMAGED = "part_damaged"
    REGISTRY_UNREACHABLE = "registry_unreachable"
    REGISTRY_BUSY = "registry_busy"
    REGISTRY_BLOCKED = "registry_blocked"
    QUEUE_UNREACHABLE = "queue_unreachable"
    UPLOAD_EXPIRED = "upload_expired"
    STILL_STORED = "still_stored"
    MISMATCH_AGAIN = "mismatch_again"
    FILE_CHANGED = "file_changed"
    DRIVE_GONE = "drive_gone"
    FILE_LOCKED = "file_locked"
    ONLINE_ONLY = "online_only"
    CLOCK_WRONG = "clock_wrong"
    # the service refuses everybody
    SIGN_IN = "sign_in"
    SIGN_IN_BUSY = "sign_in_busy"
    SIGN_IN_DENIED = "sign_in_denied"
    SIGN_IN_SERVICE = "sign_in_service"
    NO_CREDENTIALS = "no_credentials"
    NO_REGISTRY_PASSWORD = "no_registry_password"  # noqa: S105 - the name of a trouble
    TOKEN_MISSING = "token_missing"  # noqa: S105 - the name of a trouble
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of a trouble
    GATEWAY_ADDRESS = "gateway_address"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    KEY_SOURCE_FAILED = "key_source_failed"
    KEYS_REVOKED = "keys_revoked"
    KEYS_WRONG = "keys_wrong"
    ACCESS_DENIED = "access_denied"
    WRONG_BUCKET = "wrong_bucket"
    STORAGE_FULL = "storage_full"
    ENCRYPTION_DENIED = "encryption_denied"
    TLS_UNTRUSTED = "tls_untrusted"
    PROXY_LOGIN = "proxy_login"
    PROXY_BLOCKS = "proxy_blocks"
    PROXY_UNUSABLE = "proxy_unusable"
    NAME_UNKNOWN = "name_unknown"
    CAPTIVE_PORTAL = "captive_portal"
    REGISTRY_LOGIN = "registry_login"
    NOT_THIS_COMPUTER = "not_this_computer"
    REGISTRY_DENIED = "registry_denied"
    REGISTRY_ADDRESS = "registry_address"
    REGISTRY_UNTRUSTED = "registry_untrusted"
    QUEUE_DENIED = "queue_denied"
    # this one call
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    PART_UNREADABLE = "part_unreadable"
    KEEPS_CHANGING = "keeps_changing"
    MISMATCH = "mismatch"
    REGISTRY_REFUSED = "registry_refused"
    STORE_REFUSED = "store_refused"
    REMOVAL_DENIED = "removal_denied"
    QUEUE_REFUSED = "queue_refused"
    OTHER_DESTINATION = "other_destination"
    BUG = "bug"
    # the list of uploads on this computer
    JOURNAL_DISK_FULL = "journal_disk_full"
    JOURNAL_READ_ONLY = "journal_read_only"
    JOURNAL_BUSY = "journal_busy"
    JOURNAL_NEWER = "journal_newer"
    JOURNAL_BROKEN = "journal_broken"
    # what the gateway answers to a program that sends a call
    NOT_SIGNED_IN = "not_signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    NOT_PERMITTED = "not_permitted"
    FORM_BROKEN = "form_broken"
    FORM_FIELDS = "form_fields"
    HEADERS_TOO_LARGE = "headers_too_large"
    SENDER_TOO_SLOW = "sender_too_slow"
    BAD_IDEMPOTENCY_KEY = "bad_idempotency_key"
    SAME_KEY_UNDER_WAY = "same_key_under_way"
    KEY_OF_ANOTHER_CALL = "key_of_another_call"
    CALLER_BUSY = "caller_busy"
    GATEWAY_BUSY = "gateway_busy"
    GATEWAY_BUG = "gateway_bug"
    NOT_STORED = "not_stored"
    NOT_REGISTERED = "not_registered"
    UPLOAD_WAITS = "upload_waits"
    UPLOAD_UNDER_WAY = "upload_under_way"
    UPLOAD_NOT_OPEN = "upload_not_open"
    PARTS_MISSING = "parts_missing"
    OTHER_CONTENT = "other_content"
    NOT_AS_DECLARED = "not_as_declared"
    NO_SUCH_CALL = "no_such_call"
    NO_SUCH_PAGE = "no_such_page"
    WRONG_METHOD = "wrong_method"
    BAD_QUERY = "bad_query"
    # the start of the program
    OPEN_TO_ALL = "open_to_all"
    BAD_SETTINGS = "bad_settings"
    ADDRESS_TAKEN = "address_taken"
    NO_GATEWAY = "no_gateway"
    NO_SCREEN = "no_screen"
    NO_LIBRARY = "no_library"
    NO_PROFILE = "no_profile"
    BAD_PROFILE = "bad_profile"
    PROFILE_NOT_ALLOWED = "profile_not_allowed"
    MANAGED_UNREADABLE = "managed_unreadable"
    MANAGED_NOT_A_FILE = "managed_not_a_file"
    MANAGED_NOT_ADMINS = "managed_not_admins"
    MANAGED_INVALID = "managed_invalid"
    HOME_UNWRITABLE = "home_unwritable"
    HOME_OF_ANOTHER = "home_of_another"
    OTHER_PROFILE = "other_profile"
    OWNER_LEFT = "owner_left"
    OWNER_SILENT = "owner_silent"
    OWNER_OTHER_BUILD = "owner_other_build"
    FOLDER_GONE = "folder_gone"
    # the sandbox
    SANDBOX_NOT_SHIPPED = "sandbox_not_shipped"
    SANDBOX_NOT_FOR_INTEL_MACS = "sandbox_not_for_intel_macs"
    SANDBOX_NOT_FOR_THIS_PYTHON = "sandbox_not_for_this_python"
    SANDBOX_NOT_INSTALLED = "sandbox_not_installed"
    SANDBOX_FOLDER = "sandbox_folder"
    SANDBOX_SOCKETS = "sandbox_sockets"
    SANDBOX_TAKEN = "sandbox_taken"
    SANDBOX_NO_PORTS = "sandbox_no_ports"
    SANDBOX_SILENT = "sandbox_silent"
    SANDBOX_SERVER_FAILED = "sandbox_server_failed"
    SANDBOX_SERVER_ENDED = "sandbox_server_ended"


class Rejection(StrEnum):
    """Why a command was not carried out; nothing changed."""

    TURNED_AWAY = "refused"
    DETAILS = "details"
    DOUBT = "doubt"
    DUPLICATE = "duplicate"
    IN_LIST = "in_list"
    SENT = "sent"
    REGISTERED = "registered"
    MOVED_ON = "moved_on"
    NOT_FINISHED = "not_finished"
    NOT_TAKEN = "not_taken"
    OTHER_FILE = "other_file"
    OTHER_DESTINATION = "other_destination"
    UNKNOWN = "unknown"


ALREADY_THERE = frozenset({Rejection.DUPLICATE, Rejection.IN_LIST})
"""Another call has the recording already."""


class Actor(StrEnum):
    """Who can end a trouble."""

    NOBODY = "nobody"
    REP = "rep"
    IT = "it"


class Scope(StrEnum):
    """How far a trouble reaches."""

    CALL = "call"
    SERVICE = "service"
    """Every call that needs the same service waits."""
    PROGRAM = "program"
    """Nothing is sent while it lasts."""


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """What a code means.

    `backoff` is how the waits between tries grow; without one the trouble ends by somebody's act only. `network`: any
    call that gets through may disprove it. `local`: another network may not have it.
    """

    actor: Actor
    scope: Scope
    backoff: Curve | None = None
    network: bool = False
    local: bool = False


def _network(actor: Actor) -> ErrorInfo:
    return ErrorInfo(actor, Scope.SERVICE, NETWORK, network=True)


def _service(actor: Actor, backoff: Curve = ACCOUNT, *, local: bool = False) -> ErrorInfo:
    return ErrorInfo(actor, Scope.SERVICE, backoff, local=local)


def _call(actor: Actor, backoff: Curve | None = None) -> ErrorInfo:
    return ErrorInfo(actor, Scope.CALL, backoff)


def _program(actor: Actor) -> ErrorInfo:
    return ErrorInfo(actor, Scope.PROGRAM)


CATALOGUE: Mapping[str, ErrorInfo] = {
    Code.OFFLINE: _network(Actor.NOBODY),
    Code.CONNECTION: _network(Actor.NOBODY),
    Code.STORAGE_BUSY: _service(Actor.NOBODY, SERVER),
    Code.PART_DAMAGED: _call(Actor.NOBODY, NETWORK),
    Code.REGISTRY_UNREACHABLE: _network(Actor.NOBODY),
    Code.REGISTRY_BUSY: _service(Actor.NOBODY, SERVER),
    Code.REGISTRY_BLOCKED: _network(Actor.IT),
    Code.QUEUE_UNREACHABLE: _network(Actor.NOBODY),
    Code.UPLOAD_EXPIRED: _call(Actor.NOBODY, NETWORK),
    Code.STILL_STORED: _call(Actor.NOBODY, SERVER),
    Code.MISMATCH_AGAIN: _call(Actor.NOBODY, NETWORK),
    Code.FILE_CHANGED: _call(Actor.NOBODY, NETWORK),
    Code.DRIVE_GONE: _call(Actor.NOBODY, FILE),
    Code.FILE_LOCKED: _call(Actor.NOBODY, FILE),
    Code.ONLINE_ONLY: _call(Actor.REP, FILE),
    Code.CLOCK_WRONG: _service(Actor.REP, NETWORK),
    Code.SIGN_IN: _service(Actor.REP, SIGN_IN),
    Code.SIGN_IN_BUSY: _service(Actor.NOBODY, SERVER),
    Code.SIGN_IN_DENIED: _service(Actor.IT),
    Code.SIGN_IN_SERVICE: _service(Actor.IT, SIGN_IN),
    Code.NO_CREDENTIALS: _service(Actor.REP, SIGN_IN),
    Code.NO_REGISTRY_PASSWORD: _service(Actor.REP, SIGN_IN),
    Code.TOKEN_MISSING: _service(Actor.REP, SIGN_IN),
    Code.TOKEN_REFUSED: _service(Actor.REP),
    Code.GATEWAY_ADDRESS: _service(Actor.IT, SIGN_IN, local=True),
    Code.KEYRING_LOCKED: _service(Actor.REP, KEYRING),
    Code.KEYRING_FAILED: _service(Actor.IT, SIGN_IN),
    Code.KEY_SOURCE_FAILED: _service(Actor.IT, SIGN_IN),
    Code.KEYS_REVOKED: _service(Actor.IT),
    Code.KEYS_WRONG: _service(Actor.REP),
    Code.ACCESS_DENIED: _service(Actor.IT),
    Code.WRONG_BUCKET: _service(Actor.IT),
    Code.STORAGE_FULL: _service(Actor.IT, FULL),
    Code.ENCRYPTION_DENIED: _service(Actor.IT),
    Code.TLS_UNTRUSTED: _service(Actor.IT, SIGN_IN, local=True),
    Code.PROXY_LOGIN: _service(Actor.REP, SIGN_IN, local=True),
    Code.PROXY_BLOCKS: _service(Actor.IT, SIGN_IN, local=True),
    Code.PROXY_UNUSABLE: _service(Actor.IT, SIGN_IN, local=True),
    Code.NAME_UNKNOWN: _service(Actor.IT, NAME, local=True),
    Code.CAPTIVE_PORTAL: _service(Actor.REP, PORTAL, local=True),
    Code.REGISTRY_LOGIN: _service(Actor.REP),
    Code.NOT_THIS_COMPUTER: _service(Actor.IT, SIGN_IN, local=True),
    Code.REGISTRY_DENIED: _service(Actor.IT),
    Code.REGISTRY_ADDRESS: _service(Actor.IT, SIGN_IN, local=True),
    Code.REGISTRY_UNTRUSTED: _service(Actor.IT, SIGN_IN, local=True),
    Code.QUEUE_DENIED: _service(Actor.IT),
    Code.FILE_MISSING: _call(Actor.REP),
    Code.FILE_UNREADABLE: _call(Actor.REP),
    Code.PART_UNREADABLE: _call(Actor.REP),
    Code.KEEPS_CHANGING: _call(Actor.REP),
    Code.MISMATCH: _call(Actor.IT),
    Code.REGISTRY_REFUSED: _call(Actor.IT),
    Code.STORE_REFUSED: _call(Actor.IT),
    Code.REMOVAL_DENIED: _call(Actor.IT),
    Code.QUEUE_REFUSED: _call(Actor.IT),
    Code.OTHER_DESTINATION: _call(Actor.REP),
    Code.BUG: _call(Actor.IT),
    Code.NOT_SIGNED_IN: _call(Actor.REP),
    Code.SIGN_IN_REFUSED: _call(Actor.REP),
    Code.NOT_PERMITTED: _call(Actor.IT),
    Code.FORM_BROKEN: _call(Actor.REP),
    Code.FORM_FIELDS: _call(Actor.REP),
    Code.HEADERS_TOO_LARGE: _call(Actor.REP),
    Code.SENDER_TOO_SLOW: _call(Actor.REP, NETWORK),
    Code.BAD_IDEMPOTENCY_KEY: _call(Actor.REP),
    Code.SAME_KEY_UNDER_WAY: _call(Actor.NOBODY, NETWORK),
    Code.KEY_OF_ANOTHER_CALL: _call(Actor.REP),
    Code.CALLER_BUSY: _service(Actor.NOBODY, SERVER),
    Code.GATEWAY_BUSY: _service(Actor.NOBODY, SERVER),
    Code.GATEWAY_BUG: _call(Actor.IT),
    Code.NOT_STORED: _service(Actor.NOBODY, SERVER),
    Code.NOT_REGISTERED: _service(Actor.NOBODY, SERVER),
    Code.UPLOAD_WAITS: _service(Actor.NOBODY, SERVER),
    Code.UPLOAD_UNDER_WAY: _call(Actor.NOBODY, NETWORK),
    Code.UPLOAD_NOT_OPEN: _call(Actor.REP),
    Code.PARTS_MISSING: _call(Actor.REP),
    Code.OTHER_CONTENT: _call(Actor.REP),
    Code.NOT_AS_DECLARED: _call(Actor.REP),
    Code.NO_SUCH_CALL: _call(Actor.REP),
    Code.NO_SUCH_PAGE: _call(Actor.REP),
    Code.WRONG_METHOD: _call(Actor.REP),
    Code.BAD_QUERY: _call(Actor.REP),
    Code.JOURNAL_DISK_FULL: _program(Actor.REP),
    Code.JOURNAL_READ_ONLY: _program(Actor.IT),
    Code.JOURNAL_BUSY: _program(Actor.NOBODY),
    Code.JOURNAL_NEWER: _program(Actor.IT),
    Code.JOURNAL_BROKEN: _program(Actor.IT),
    Code.NO_SCREEN: _program(Actor.REP),
    Code.NO_LIBRARY: _program(Actor.IT),
    Code.NO_PROFILE: _program(Actor.REP),
    Code.BAD_PROFILE: _program(Actor.IT),
    Code.PROFILE_NOT_ALLOWED: _program(Actor.REP),
    Code.MANAGED_UNREADABLE: _program(Actor.IT),
    Code.MANAGED_NOT_A_FILE: _program(Actor.IT),
    Code.MANAGED_NOT_ADMINS: _program(Actor.IT),
    Code.MANAGED_INVALID: _program(Actor.IT),
    Code.HOME_UNWRITABLE: _program(Actor.REP),
    Code.HOME_OF_ANOTHER: _program(Actor.IT),
    Code.OPEN_TO_ALL: _program(Actor.REP),
    Code.BAD_SETTINGS: _program(Actor.REP),
    Code.ADDRESS_TAKEN: _program(Actor.REP),
    Code.NO_GATEWAY: _program(Actor.REP),
    Code.OTHER_PROFILE: _program(Actor.REP),
    Code.OWNER_LEFT: _program(Actor.NOBODY),
    Code.OWNER_SILENT: _program(Actor.REP),
    Code.OWNER_OTHER_BUILD: _program(Actor.REP),
    Code.FOLDER_GONE: _program(Actor.REP),
    Code.SANDBOX_NOT_SHIPPED: _program(Actor.REP),
    Code.SANDBOX_NOT_FOR_INTEL_MACS: _program(Actor.REP),
    Code.SANDBOX_NOT_FOR_THIS_PYTHON: _program(Actor.REP),
    Code.SANDBOX_NOT_INSTALLED: _program(Actor.REP),
    Code.SANDBOX_FOLDER: _program(Actor.REP),
    Code.SANDBOX_SOCKETS: _program(Actor.REP),
    Code.SANDBOX_TAKEN: _program(Actor.REP),
    Code.SANDBOX_NO_PORTS: _program(Actor.REP),
    Code.SANDBOX_SILENT: _program(Actor.REP),
    Code.SANDBOX_SERVER_FAILED: _program(Actor.REP),
    Code.SANDBOX_SERVER_ENDED: _program(Actor.REP),
    **{refusal: _call(Actor.REP) for refusal in Refusal},
    Wait.UNFINISHED: _call(Actor.NOBODY, FILE),
    Wait.LOCKED: _call(Actor.NOBODY, FILE),
    **{doubt: _call(Actor.REP) for doubt in Doubt},
    **{rejection: _call(Actor.REP) for rejection in Rejection},
}
"""One row a code. Wait.DRIVE_GONE and Wait.ONLINE_ONLY are the rows of the codes with the same name."""

_UNKNOWN = _call(Actor.REP)


def info_of(code: str) -> ErrorInfo:
    """The row of the code; one that a newer version wrote is the rep's, who at least can ask."""
    return CATALOGUE.get(code, _UNKNOWN)


class CallError(Exception):
    """A trouble with a stable code; `detail` is for logs and IT, never shown as the sentence, no secret in it."""

    def __init__(self, code: Code, detail: str = "", *, params: Params | None = None) -> None:
        """`params` fill the sentence."""
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.params: Params = params or {}


class TransientError(CallError):
    """Raised when the same call may succeed later; `retry_after` seconds if the server asked for it."""

    def __init__(
        self, code: Code, detail: str = "", *, retry_after: float | None = None, params: Params | None = None
    ) -> None:
        super().__init__(code, detail, params=params)
        self.retry_after = retry_after


class NotSentError(TransientError):
    """Raised when the request did not leave this computer, so that nothing can have come of it."""


class ConnectionLostError(TransientError):
    """Raised when one connection ended, or fell silent while others answered: a new one may work at once."""


class AccountError(CallError):
    """Raised when no call of the service can succeed until the account, its keys or the network are put right."""


class JobError(CallError):
    """Raised when this one call cannot go on by itself."""


class MalformedSecretError(ValueError):
    """Raised where what should be kept as a key or password cannot be one; it never repeats the value."""


class Cancelled(Exception):  # noqa: N818 - not an error
    """Raised inside a running call when its job was paused, cancelled or stopped."""
