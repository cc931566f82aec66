"""The profile: where calls go. TOML (`*.callup`), made by an admin, never a secret in it. Immutable, any thread."""

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from callup_desktop.config.name_rules import LONGEST_PATTERN, MOST_PATTERNS, Group, NamePattern, PatternError

Credentials = Literal["keyring", "aws", "sandbox"]
Updates = Literal["check", "off"]


class ProblemCode(StrEnum):
    """What is wrong with a profile, or with one key of it; the words are in `presentation/messages`."""

    NO_FILE = "no_file"
    UNREADABLE_FILE = "unreadable_file"
    NOT_TOML = "not_toml"
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
    BAD_URL = "bad_url"
    PLAIN_HTTP = "plain_http"
    BAD_MONGO_URI = "bad_mongo_uri"
    PASSWORD_INSIDE = "password_inside"  # noqa: S105 - the name of a mistake
    MONGO_WITHOUT_TLS = "mongo_without_tls"
    EMPTY_CALL_TYPE = "empty_call_type"
    BAD_FINGERPRINT = "bad_fingerprint"
    BAD_FOLDER = "bad_folder"
    BAD_PATTERN = "bad_pattern"
    PATTERN_GROUPS = "pattern_groups"
    TOO_MANY = "too_many"
    NOT_A_SWITCH = "not_a_switch"
    SANDBOX_ELSEWHERE = "sandbox_elsewhere"
    UPDATES_UNSIGNED = "updates_unsigned"
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


def _wrong(code: ProblemCode) -> PydanticCustomError:
    """What a validator raises; its type is the code."""
    return PydanticCustomError(code.value, code.value)


def _of_form(pattern: str, code: ProblemCode) -> AfterValidator:
    """Texts of the form only; the code is the problem of all others."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise _wrong(code)
        return text

    return AfterValidator(check)


def _pattern(text: str) -> str:
    """The pattern, if RE2 takes it and all of its groups are known."""
    try:
        groups = NamePattern(text).groups
    except PatternError as exc:
        code = ProblemCode.BAD_PATTERN
        raise PydanticCustomError(code.value, code.value, {"reason": str(exc)}) from exc
    if not groups or groups - set(Group):
        raise _wrong(ProblemCode.PATTERN_GROUPS)
    return text


def _split(url: str, code: ProblemCode) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as exc:
        raise _wrong(code) from exc


_Bucket = Annotated[str, _of_form(r"[A-Za-z0-9._-]{3,63}", ProblemCode.BAD_BUCKET)]
_Fingerprint = Annotated[str, _of_form(r"[0-9A-Fa-f]{64}", ProblemCode.BAD_FINGERPRINT)]
_Folder = Annotated[str, _of_form(r"(~|%\w+%|\$\w+|/|[A-Za-z]:[\\/]|\\\\).*", ProblemCode.BAD_FOLDER)]
_NamePattern = Annotated[str, Field(max_length=LONGEST_PATTERN), AfterValidator(_pattern)]
_MongoUri = Annotated[str, _of_form(r"mongodb(\+srv)?://.*", ProblemCode.BAD_MONGO_URI)]


class Profile(BaseModel):
    """Where calls go and within which limits; every key of a `.callup` file is here, any other is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    bucket: _Bucket
    region: Annotated[str, Field(min_length=1)] = "us-east-1"
    endpoint: str | None = None
    mongo_uri: _MongoUri
    database: Annotated[str, Field(min_length=1)]
    collection: Annotated[str, Field(min_length=1)] = "calls"
    queue_url: Annotated[str, Field(min_length=1)]
    call_types: Annotated[tuple[str, ...], Field(min_length=1)] = ("demo", "support", "sales")
    uploaded_by: EmailStr | None = None
    credentials: Credentials = "keyring"
    aws_profile: str | None = None
    bandwidth_limit: Annotated[int | None, Field(ge=1, description="bytes a second")] = None
    files_at_once: Annotated[int, Field(ge=1, le=16)] = 3
    requests_at_once: Annotated[int, Field(ge=1, le=32)] = 8
    watch_folder: Annotated[
        _Folder | None, Field(description="its new recordings become drafts; counts in a managed profile only")
    ] = None
    watch_send: Annotated[
        bool, Field(description="send those whose name gives all details; counts in a managed profile only")
    ] = False
    name_rules: Annotated[tuple[_NamePattern, ...], Field(max_length=MOST_PATTERNS)] = ()
    updates: Updates = "check"
    update_url: str | None = None
    update_root: Annotated[_Fingerprint | None, Field(description="SHA-256 of the update repository's first root")] = (
        None
    )

    @field_validator("call_types")
    @classmethod
    def _lower_case_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(kind.strip().lower() for kind in types))
        if not all(cleaned):
            raise _wrong(ProblemCode.EMPTY_CALL_TYPE)
        return cleaned

    @field_validator("endpoint", "queue_url", "update_url")
    @classmethod
    def _https_or_loopback(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = _split(url, ProblemCode.BAD_URL)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _wrong(ProblemCode.BAD_URL)
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise _wrong(ProblemCode.PLAIN_HTTP)
        return url

    @field_validator("mongo_uri")
    @classmethod
    def _no_password_and_tls(cls, uri: str) -> str:
        parts = _split(uri, ProblemCode.BAD_MONGO_URI)
        if parts.password:
            raise _wrong(ProblemCode.PASSWORD_INSIDE)
        hosts = parts.netloc.rpartition("@")[2].split(",")
        encrypted = parts.scheme == "mongodb+srv" or any(
            option in {"tls=true", "ssl=true"} for option in parts.query.lower().split("&")
        )
        off = any(option in {"tls=false", "ssl=false"} for option in parts.query.lower().split("&"))
        if (off or not encrypted) and not all(is_loopback(_host_of(host)) for host in hosts):
            raise _wrong(ProblemCode.MONGO_WITHOUT_TLS)
        return uri

    @model_validator(mode="after")
    def _sandbox_stays_here(self) -> "Profile":
        if self.credentials == "sandbox" and not (
            self.endpoint and is_loopback(urlsplit(self.endpoint).hostname or "")
        ):
            raise _wrong(ProblemCode.SANDBOX_ELSEWHERE)
        return self

    @model_validator(mode="after")
    def _updates_are_verified(self) -> "Profile":
        if (self.update_url is None) != (self.update_root is None):
            raise _wrong(ProblemCode.UPDATES_UNSIGNED)
        return self

    @property
    def queue_endpoint(self) -> str:
        """The address of the queue's server: scheme and host of the queue's URL."""
        parts = urlsplit(self.queue_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def queue_is_fifo(self) -> bool:
        """Whether the queue keeps order and needs deduplication and group ids."""
        return self.queue_url.endswith(".fifo")


def load_profile(path: Path) -> Profile:
    """The profile in the file; raises ProfileError with a problem for each thing that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NO_FILE),)) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.UNREADABLE_FILE),)) from exc
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        # The parser's own text is the only place where the line stands.
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NOT_TOML, str(exc)),)) from exc
    except ValidationError as exc:
        raise ProfileError(path, tuple(map(_problem_of, exc.errors()))) from exc


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _host_of(host_and_port: str) -> str:
    if host_and_port.startswith("["):
        return host_and_port[1:].partition("]")[0]
    return host_and_port.partition(":")[0]


_CODES: Mapping[str, ProblemCode] = {
    **{code.value: code for code in ProblemCode},
    "missing": ProblemCode.KEY_MISSING,
    "extra_forbidden": ProblemCode.KEY_UNKNOWN,
    "string_type": ProblemCode.NOT_TEXT,
    "int_type": ProblemCode.NOT_A_NUMBER,
    "int_parsing": ProblemCode.NOT_A_NUMBER,
    "int_from_float": ProblemCode.NOT_A_NUMBER,
    "tuple_type": ProblemCode.NOT_A_LIST,
    "bool_type": ProblemCode.NOT_A_SWITCH,
    "bool_parsing": ProblemCode.NOT_A_SWITCH,
    "string_too_short": ProblemCode.EMPTY,
    "too_short": ProblemCode.EMPTY,
    "string_too_long": ProblemCode.TOO_LONG,
    "too_long": ProblemCode.TOO_MANY,
    "greater_than_equal": ProblemCode.TOO_SMALL,
    "less_than_equal": ProblemCode.TOO_LARGE,
    "literal_error": ProblemCode.NOT_OFFERED,
    # Only the address of EmailStr: our own validators raise codes.
    "value_error": ProblemCode.BAD_EMAIL,
}
"""Types of our own errors and of pydantic's."""
_LIMITS = {
    ProblemCode.TOO_LONG: "max_length",
    ProblemCode.TOO_MANY: "max_length",
    ProblemCode.TOO_SMALL: "ge",
    ProblemCode.TOO_LARGE: "le",
}
"""Where pydantic keeps the limit that was passed."""


def _problem_of(error: ErrorDetails) -> ProfileProblem:
    """What pydantic's error means; one that has no code of its own keeps pydantic's words as its detail."""
    key = ".".join(map(str, error["loc"]))
    code = _CODES.get(error["type"], ProblemCode.INVALID)
    return ProfileProblem(key, code, _detail_of(code, error), _params_of(code, error))


def _detail_of(code: ProblemCode, error: ErrorDetails) -> str:
    if code is ProblemCode.BAD_PATTERN:
        return str(error["ctx"]["reason"])
    return error["msg"] if code is ProblemCode.INVALID else ""


def _params_of(code: ProblemCode, error: ErrorDetails) -> Mapping[str, str | int]:
    if code in _LIMITS:
        return {"limit": error["ctx"][_LIMITS[code]]}
    if code is ProblemCode.PATTERN_GROUPS:
        return {"offered": ", ".join(Group)}
    if code is ProblemCode.NOT_OFFERED:
        return {"offered": ", ".join(get_args(Profile.model_fields[str(error["loc"][0])].annotation))}
    return {}
