"""What can be wrong with a profile; it is told by programs that load none. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class ProblemCode(StrEnum):
    """What is wrong with a profile, or with one key of it; the words are in `presentation/messages`."""

    NO_FILE = "no_file"
    UNREADABLE_FILE = "unreadable_file"
    NOT_TOML = "not_toml"
    FILE_TOO_LARGE = "file_too_large"
    NESTED = "nested"
    KEY_MISSING = "key_missing"
    KEY_UNKNOWN = "key_unknown"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_LIST = "not_a_list"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_OFFERED = "not_offered"
    BAD_EMAIL = "bad_email"
    BAD_BUCKET = "bad_bucket"
    BAD_REGION = "bad_region"
    BAD_URL = "bad_url"
    PLAIN_HTTP = "plain_http"
    NO_QUEUE = "no_queue"
    BAD_MONGO_URI = "bad_mongo_uri"
    PASSWORD_INSIDE = "password_inside"  # noqa: S105 - the name of a mistake
    MONGO_WITHOUT_TLS = "mongo_without_tls"
    MONGO_OPTION = "mongo_option"
    EMPTY_CALL_TYPE = "empty_call_type"
    UNSHOWABLE = "unshowable"
    BAD_DATABASE = "bad_database"
    BAD_AUTHORITY = "bad_authority"
    BAD_PROXY = "bad_proxy"
    BAD_FINGERPRINT = "bad_fingerprint"
    BAD_FOLDER = "bad_folder"
    BAD_TEMPLATE = "bad_template"
    BAD_PATTERN = "bad_pattern"
    PATTERN_GROUPS = "pattern_groups"
    TOO_MANY = "too_many"
    NOT_A_SWITCH = "not_a_switch"
    SANDBOX_ELSEWHERE = "sandbox_elsewhere"
    UPDATES_UNSIGNED = "updates_unsigned"
    NOT_WITH_GATEWAY = "not_with_gateway"
    ONLY_WITH_GATEWAY = "only_with_gateway"
    NEEDS_SERVERS = "needs_servers"
    BAD_SIGN_IN = "bad_sign_in"
    SIGN_IN_HALF = "sign_in_half"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class ProfileProblem:
    """One thing that is wrong: the key, "" where it is the file or several keys, and what fills the words.

    `detail` is the parser's own, in English; no value of the file is in it.
    """

    key: str
    code: ProblemCode
    detail: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """For logs."""
        return " ".join(part for part in (self.key, self.code, self.detail) if part)


class ProfileError(Exception):
    """Raised when a profile cannot be used; `problems` is everything that is wrong with the file at `path`."""

    def __init__(self, path: Path, problems: tuple[ProfileProblem, ...]) -> None:
        super().__init__(f"{path}: {'; '.join(map(str, problems))}")
        self.path = path
        self.problems = problems
