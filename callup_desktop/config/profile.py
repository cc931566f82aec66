"""The profile: where calls go. TOML (`*.callup`), made by an admin, never a secret in it. Immutable, any thread."""

import errno
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from callup_desktop.config.addresses import (
    OIDC,
    AddressError,
    AddressFault,
    MongoAddress,
    check_proxy_address,
    check_web_address,
    is_loopback,
    mongo_address,
)
from callup_desktop.config.destination import Destination, LocalUse, digest_of
from callup_desktop.config.name_rules import LONGEST_PATTERN, MOST_PATTERNS, Group, NamePattern, PatternError
from callup_desktop.config.profile_problems import ProblemCode, ProfileError, ProfileProblem
from callup_desktop.config.reading import read_small
from callup_desktop.config.transcripts import PLACE, TemplateError, check_template

if TYPE_CHECKING:
    from callup_desktop.config.authorities import Authority

LARGEST_PROFILE = 64 * 1024
"""Bytes; a profile with its certificates has a few thousand."""

Credentials = Literal["keyring", "aws", "sandbox"]
Updates = Literal["check", "off"]
Video = Literal["sound", "refuse"]


def _wrong(code: ProblemCode, **params: str) -> PydanticCustomError:
    """What a validator raises; its type is the code, and `params` fill its words."""
    return PydanticCustomError(code.value, code.value, {**params})


def _of_form(pattern: str, code: ProblemCode) -> AfterValidator:
    """Texts of the form only; the code is the problem of all others."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise _wrong(code)
        return text

    return AfterValidator(check)


def _showable(text: str) -> str:
    """The text, if it can be shown in one line whose parts stay where they are."""
    if any(character in _BIDI or category(character) in _UNSHOWABLE for character in text):
        raise _wrong(ProblemCode.UNSHOWABLE)
    return text


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


def _email(text: str) -> str:
    """The address, as pydantic's `EmailStr` takes it; that would load its rules for every profile."""
    from pydantic.networks import validate_email

    return validate_email(text)[1]


_WEB_FAULTS: Mapping[AddressFault, ProblemCode] = {
    AddressFault.MALFORMED: ProblemCode.BAD_URL,
    AddressFault.PASSWORD_INSIDE: ProblemCode.PASSWORD_INSIDE,
    AddressFault.PLAIN: ProblemCode.PLAIN_HTTP,
}
_MONGO_FAULTS: Mapping[AddressFault, ProblemCode] = {
    AddressFault.MALFORMED: ProblemCode.BAD_MONGO_URI,
    AddressFault.PASSWORD_INSIDE: ProblemCode.PASSWORD_INSIDE,
    AddressFault.PLAIN: ProblemCode.MONGO_WITHOUT_TLS,
    AddressFault.OPTION: ProblemCode.MONGO_OPTION,
}


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around them round."""
_UNSHOWABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of one, and ends of lines and paragraphs."""
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{16}}")
"""A profile has no key in a table; for thousands of parts the parser would take gigabytes."""

_Database = Annotated[
    str,
    Field(min_length=1),
    _of_form(r"[^\s/\\.\"$*<>:|?\0]{1,63}", ProblemCode.BAD_DATABASE),
    AfterValidator(_showable),
]
_Collection = Annotated[
    str, Field(min_length=1), _of_form(r"[^\s$\0]{1,120}", ProblemCode.BAD_DATABASE), AfterValidator(_showable)
]
_Bucket = Annotated[str, _of_form(r"[A-Za-z0-9._-]{3,63}", ProblemCode.BAD_BUCKET)]
_Fingerprint = Annotated[str, _of_form(r"[0-9A-Fa-f]{64}", ProblemCode.BAD_FINGERPRINT)]
_CallType = Annotated[str, Field(max_length=40)]
_Region = Annotated[str, _of_form(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", ProblemCode.BAD_REGION)]
_Folder = Annotated[str, _of_form(r"(~|%\w+%|\$\w+|/|[A-Za-z]:[\\/]|\\\\).*", ProblemCode.BAD_FOLDER)]
_NamePattern = Annotated[str, Field(max_length=LONGEST_PATTERN), AfterValidator(_pattern)]


class Profile(BaseModel):
    """Where calls go and within which limits; every key of a `.callup` file is here, any other is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_showable)]
    bucket: _Bucket
    region: _Region = "us-east-1"
    endpoint: str | None = None
    mongo_uri: str
    database: _Database
    collection: _Collection = "calls"
    queue_url: Annotated[str, Field(min_length=1)]
    call_types: Annotated[tuple[_CallType, ...], Field(min_length=1)] = ("demo", "support", "sales")
    channels: Annotated[int, Field(ge=1, le=2, description="2 where the pipeline wants one voice a channel")] = 1
    video: Annotated[Video, Field(description="send the sound of an MP4 or MOV video, or refuse it")] = "sound"
    uploaded_by: Annotated[str, Field(json_schema_extra={"format": "email"}), AfterValidator(_email)] | None = None
    authority: Annotated[
        str, Field(description="certificates of authorities in PEM, which count beside those of the system")
    ] = ""
    proxy: Annotated[str, Field(description="instead of the proxy of the environment or the system")] = ""
    credentials: Credentials = "keyring"
    aws_profile: Annotated[str, AfterValidator(_showable)] | None = None
    bandwidth_limit: Annotated[int | None, Field(ge=1, description="bytes a second")] = None
    files_at_once: Annotated[int, Field(ge=1, le=16)] = 3
    requests_at_once: Annotated[int, Field(ge=1, le=32)] = 8
    watch_folder: Annotated[
        Annotated[_Folder, AfterValidator(_showable)] | None,
        Field(description="its new recordings become drafts; counts only where IT set it"),
    ] = None
    watch_send: Annotated[
        bool, Field(description="send those whose name gives all details; counts only where IT set it")
    ] = False
    name_rules: Annotated[tuple[_NamePattern, ...], Field(max_length=MOST_PATTERNS)] = ()
    transcript_url: Annotated[
        str | None, Field(description="the page with a call's transcript; {call_id} stands for the call")
    ] = None
    updates: Updates = "check"
    update_url: str | None = None
    update_root: Annotated[_Fingerprint | None, Field(description="SHA-256 of the update repository's first root")] = (
        None
    )

    @field_validator("call_types")
    @classmethod
    def _lower_case_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(_showable(kind.strip().lower()) for kind in types))
        if not all(cleaned):
            raise _wrong(ProblemCode.EMPTY_CALL_TYPE)
        return cleaned

    @field_validator("endpoint", "queue_url", "update_url")
    @classmethod
    def _https_or_loopback(cls, url: str | None) -> str | None:
        try:
            if url is not None:
                check_web_address(url)
        except AddressError as exc:
            raise _wrong(_WEB_FAULTS[exc.fault]) from exc
        return url

    @field_validator("authority")
    @classmethod
    def _holds_authorities(cls, text: str) -> str:
        if text and not _authorities_in(text):
            raise _wrong(ProblemCode.BAD_AUTHORITY)
        return text

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, url: str) -> str:
        try:
            if url:
                check_proxy_address(url)
        except AddressError as exc:
            code = ProblemCode.PASSWORD_INSIDE if exc.fault is AddressFault.PASSWORD_INSIDE else ProblemCode.BAD_PROXY
            raise _wrong(code) from exc
        return url

    @field_validator("transcript_url")
    @classmethod
    def _names_a_page(cls, template: str | None) -> str | None:
        try:
            if template is not None:
                check_template(template)
        except TemplateError as exc:
            raise _wrong(ProblemCode.BAD_TEMPLATE) from exc
        except AddressError as exc:
            raise _wrong(_WEB_FAULTS[exc.fault]) from exc
        return template

    @field_validator("queue_url")
    @classmethod
    def _names_a_queue(cls, url: str) -> str:
        """The URL ends in the queue's name; SQS takes a slash behind it for another address."""
        if not (stripped := url.rstrip("/")).partition("://")[2].partition("/")[2]:
            raise _wrong(ProblemCode.NO_QUEUE)
        return stripped

    @field_validator("mongo_uri")
    @classmethod
    def _no_password_and_tls(cls, uri: str) -> str:
        try:
            mongo_address(uri)
        except AddressError as exc:
            raise _wrong(_MONGO_FAULTS[exc.fault], option=exc.option) from exc
        return uri

    @model_validator(mode="after")
    def _sandbox_stays_here(self) -> "Profile":
        hosts = [urlsplit(url or "").hostname or "" for url in (self.endpoint, self.queue_url)]
        hosts += [host for host, _port in self.registry.hosts]
        if self.credentials == "sandbox" and not all(map(is_loopback, hosts)):
            raise _wrong(ProblemCode.SANDBOX_ELSEWHERE)
        return self

    @model_validator(mode="after")
    def _updates_are_verified(self) -> "Profile":
        if (self.update_url is None) != (self.update_root is None):
            raise _wrong(ProblemCode.UPDATES_UNSIGNED)
        return self

    @property
    def destination(self) -> Destination:
        """Where its calls go. A sandbox is the same one on whichever ports it got."""
        if self.credentials == "sandbox":
            return Destination("sandbox", self.bucket, (), "")
        hosts = sorted(f"{host}:{port}" if port else host for host, port in self.registry.hosts)
        return Destination(
            storage=(self.endpoint or f"https://{_amazon(self.region)}").rstrip("/").lower(),
            bucket=self.bucket,
            registry=tuple(host.lower() for host in hosts),
            queue=self.queue_url,
            authority=" ".join(authority.fingerprint for authority in self.authorities),
        )

    @property
    def authorities(self) -> "tuple[Authority, ...]":
        """Who may vouch for its servers beside those that this computer trusts."""
        return _authorities_in(self.authority) if self.authority else ()

    @property
    def identity(self) -> str:
        """Whose secrets and calls these are; the name has no part in it."""
        return self.destination.identity

    @property
    def local_uses(self) -> tuple[LocalUse, ...]:
        """What it makes this computer run or read."""
        address = self.registry
        wanted = {
            LocalUse.AWS_KEYS: self.credentials == "aws",
            LocalUse.TOKEN: address.mechanism == OIDC,
            LocalUse.FILES: bool(address.files),
            LocalUse.AUTHORITY: bool(self.authority),
        }
        return tuple(use for use, is_wanted in wanted.items() if is_wanted)

    @property
    def agreement(self) -> str:
        """What the rep agrees to who lets it use this computer: where calls go, and each thing that is used."""
        options = {name: str(value) for name, value in self.registry.options.items()}
        return digest_of([self.identity, list(self.local_uses), self.aws_profile, options])

    @property
    def registry(self) -> MongoAddress:
        """Where calls are registered, as the driver reads it."""
        return mongo_address(self.mongo_uri)

    @property
    def storage_endpoint(self) -> str:
        """The address of the storage's server, where the profile names none that of AWS in the region."""
        return self.endpoint or f"https://s3.{self.region}.{_amazon(self.region)}"

    @property
    def queue_is_fifo(self) -> bool:
        """Whether the queue keeps order and needs deduplication and group ids."""
        return self.queue_url.endswith(".fifo")


def _authorities_in(pem: str) -> "tuple[Authority, ...]":
    """See `config.authorities`, which loads TLS: most profiles have none."""
    from callup_desktop.config.authorities import authorities_in

    return authorities_in(pem)


def _amazon(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def load_profile(path: Path, fixed: Mapping[str, object] | None = None) -> Profile:
    """The profile in the file; raises ProfileError with a problem for each thing that is wrong.

    `fixed` are the keys that IT set, whatever the file says of them.
    """
    return parse_profile(read_profile(path), path, fixed)


def read_profile(path: Path) -> bytes:
    """What the file holds; raises ProfileError where that is nothing, or more than any profile."""
    try:
        return read_small(path, LARGEST_PROFILE)
    except FileNotFoundError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NO_FILE),)) from exc
    except OSError as exc:
        code = ProblemCode.FILE_TOO_LARGE if exc.errno == errno.EFBIG else ProblemCode.UNREADABLE_FILE
        raise ProfileError(path, (ProfileProblem("", code),)) from exc


def parse_profile(content: bytes, path: Path, fixed: Mapping[str, object] | None = None) -> Profile:
    """The profile in what the file at the path held; raises ProfileError as `load_profile` does."""
    try:
        text = content.decode("utf-8-sig")
        if _DEEP_KEY.search(text):
            raise RecursionError
        values = tomllib.loads(text)
    except UnicodeDecodeError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.UNREADABLE_FILE),)) from exc
    except RecursionError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NESTED),)) from exc
    except ValueError as exc:
        # The parser's own text is the only place where the line stands; of a number that is too long it is Python's.
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NOT_TOML, str(exc)),)) from exc
    try:
        return Profile.model_validate({**values, **(fixed or {})})
    except ValidationError as exc:
        raise ProfileError(path, tuple(map(_problem_of, exc.errors()))) from exc


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
    if code is ProblemCode.BAD_AUTHORITY:
        from callup_desktop.config.authorities import MOST_AUTHORITIES

        return {"limit": MOST_AUTHORITIES}
    if code is ProblemCode.BAD_TEMPLATE:
        return {"place": PLACE}
    if code is ProblemCode.PATTERN_GROUPS:
        return {"offered": ", ".join(Group)}
    if code is ProblemCode.MONGO_OPTION:
        return {"option": error["ctx"]["option"]}
    if code is ProblemCode.NOT_OFFERED:
        return {"offered": ", ".join(get_args(Profile.model_fields[str(error["loc"][0])].annotation))}
    return {}
