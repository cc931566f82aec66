"""The profile: where calls go. TOML (`*.callup`), made by an admin, never a secret in it. Immutable, any thread."""

import errno
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from callup_desktop.choice import GATEWAY_TOKEN_VARIABLE, MONGO_PASSWORD_VARIABLE
from callup_desktop.config.addresses import (
    OIDC,
    AddressError,
    AddressFault,
    MongoAddress,
    is_loopback,
    mongo_address,
)
from callup_desktop.config.destination import Destination, GatewayDestination, LocalUse, digest_of
from callup_desktop.config.name_rules import Group
from callup_desktop.config.profile_keys import CommonProfile, WebAddress, of_form, showable, wrong
from callup_desktop.config.profile_problems import ProblemCode, ProfileError, ProfileProblem
from callup_desktop.config.reading import read_small
from callup_desktop.config.transcripts import PLACE

LARGEST_PROFILE = 64 * 1024
"""Bytes; a profile with its certificates has a few thousand."""

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{16}}")
"""A profile has no key in a table; for thousands of parts the parser would take gigabytes."""


_MONGO_FAULTS: Mapping[AddressFault, ProblemCode] = {
    AddressFault.MALFORMED: ProblemCode.BAD_MONGO_URI,
    AddressFault.PASSWORD_INSIDE: ProblemCode.PASSWORD_INSIDE,
    AddressFault.PLAIN: ProblemCode.MONGO_WITHOUT_TLS,
    AddressFault.OPTION: ProblemCode.MONGO_OPTION,
}

_Database = Annotated[
    str,
    Field(min_length=1),
    of_form(r"[^\s/\\.\"$*<>:|?\0]{1,63}", ProblemCode.BAD_DATABASE),
    AfterValidator(showable),
]
_Collection = Annotated[
    str, Field(min_length=1), of_form(r"[^\s$\0]{1,120}", ProblemCode.BAD_DATABASE), AfterValidator(showable)
]
_Bucket = Annotated[str, of_form(r"[A-Za-z0-9._-]{3,63}", ProblemCode.BAD_BUCKET)]
_Region = Annotated[str, of_form(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", ProblemCode.BAD_REGION)]
_ClientId = Annotated[str, of_form(r"[\x21-\x7e]{1,255}", ProblemCode.BAD_SIGN_IN)]
_Scope = Annotated[str, of_form(r"[\x21-\x7e]+( [\x21-\x7e]+)*", ProblemCode.BAD_SIGN_IN), Field(max_length=500)]

Credentials = Literal["keyring", "aws", "sandbox"]


class Profile(CommonProfile):
    """Calls go from this computer to storage, registry and queue, whose keys it has.

    With those that every profile has, its keys are all that a `.callup` file may have beside no `gateway`.
    """

    bucket: _Bucket
    region: _Region = "us-east-1"
    endpoint: WebAddress | None = None
    mongo_uri: str
    database: _Database
    collection: _Collection = "calls"
    queue_url: Annotated[WebAddress, Field(min_length=1)]
    credentials: Credentials = "keyring"
    aws_profile: Annotated[str, AfterValidator(showable)] | None = None

    @field_validator("queue_url")
    @classmethod
    def _names_a_queue(cls, url: str) -> str:
        """The URL ends in the queue's name; SQS takes a slash behind it for another address."""
        if not (stripped := url.rstrip("/")).partition("://")[2].partition("/")[2]:
            raise wrong(ProblemCode.NO_QUEUE)
        return stripped

    @field_validator("mongo_uri")
    @classmethod
    def _no_password_and_tls(cls, uri: str) -> str:
        try:
            mongo_address(uri)
        except AddressError as exc:
            raise wrong(_MONGO_FAULTS[exc.fault], option=exc.option) from exc
        return uri

    @model_validator(mode="after")
    def _sandbox_stays_here(self) -> "Profile":
        if self.credentials == "sandbox" and not self.is_on_this_computer:
            raise wrong(ProblemCode.SANDBOX_ELSEWHERE)
        return self

    @property
    def is_on_this_computer(self) -> bool:
        """Whether all its servers are this computer, which no network is needed to reach."""
        hosts = [urlsplit(url or "").hostname or "" for url in (self.endpoint, self.queue_url)]
        return all(map(is_loopback, (*hosts, *(host for host, _port in self.registry.hosts))))

    @property
    def destination(self) -> Destination:
        """Where its calls go. A sandbox is the same one on whichever ports it got."""
        return Destination("sandbox", self.bucket, (), "") if self.credentials == "sandbox" else self.servers

    @property
    def servers(self) -> Destination:
        """The servers that get something of its calls, a sandbox's on the ports that it has now."""
        hosts = sorted(f"{host}:{port}" if port else host for host, port in self.registry.hosts)
        return Destination(
            storage=(self.endpoint or f"https://{_amazon(self.region)}").rstrip("/").lower(),
            bucket=self.bucket,
            registry=tuple(host.lower() for host in hosts),
            queue=self.queue_url,
            authority=self.fingerprints,
        )

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
    def first_server(self) -> str:
        """The address that a call goes to first."""
        return self.storage_endpoint

    @property
    def storage_endpoint(self) -> str:
        """The address of the storage's server, where the profile names none that of AWS in the region."""
        return self.endpoint or f"https://s3.{self.region}.{_amazon(self.region)}"

    @property
    def queue_is_fifo(self) -> bool:
        """Whether the queue keeps order and needs deduplication and group ids."""
        return self.queue_url.endswith(".fifo")

    @property
    def secret_variable(self) -> str:
        """The variable of the environment that may hold its secret, "" where it needs none."""
        return MONGO_PASSWORD_VARIABLE if self.registry.wants_password else ""

    @property
    def place(self) -> str:
        """What a person tells it by beside its name."""
        return self.region


class GatewayProfile(CommonProfile):
    """Calls go to a gateway; this computer has a token for it, and no key of storage, registry or queue."""

    gateway: Annotated[WebAddress, Field(description="the address of the gateway; nothing else is needed")]
    oidc_issuer: Annotated[
        WebAddress | None, Field(description="who signs people in, by the `iss` of its tokens; else a static token")
    ] = None
    oidc_client_id: Annotated[_ClientId | None, Field(description="what it calls this program")] = None
    oidc_scope: Annotated[
        _Scope | None, Field(description="what is asked of it, such as `openid offline_access calls:send`")
    ] = None

    oidc_port: Annotated[
        int | None,
        Field(ge=1024, le=65535, description="where the browser comes back to, for an issuer that takes no other port"),
    ] = None

    @field_validator("gateway")
    @classmethod
    def _ends_without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @model_validator(mode="after")
    def _signs_in_whole(self) -> "GatewayProfile":
        needed = {self.oidc_issuer is None, self.oidc_client_id is None}
        if len(needed) > 1 or ((self.oidc_scope or self.oidc_port) is not None and needed == {True}):
            raise wrong(ProblemCode.SIGN_IN_HALF)
        return self

    @property
    def is_on_this_computer(self) -> bool:
        """Never known: the gateway alone knows where its storage is."""
        return False

    @property
    def destination(self) -> GatewayDestination:
        """Where its calls go, and who signs in for them."""
        return GatewayDestination(
            gateway=_with_small_host(self.gateway), issuer=self.oidc_issuer or "", authority=self.fingerprints
        )

    @property
    def identity(self) -> str:
        """Whose secrets and calls these are; the name has no part in it."""
        return self.destination.identity

    @property
    def local_uses(self) -> tuple[LocalUse, ...]:
        """What it makes this computer run or read."""
        return (LocalUse.AUTHORITY,) if self.authority else ()

    @property
    def agreement(self) -> str:
        """What the rep agrees to who lets it use this computer: where calls go, and each thing that is used."""
        return digest_of([self.identity, list(self.local_uses)])

    @property
    def secret_variable(self) -> str:
        """The variable of the environment that may hold its secret."""
        return GATEWAY_TOKEN_VARIABLE

    @property
    def first_server(self) -> str:
        """The address that a call goes to first."""
        return self.gateway

    @property
    def bucket(self) -> str:
        """None that this computer knows: the gateway has one."""
        return ""

    @property
    def place(self) -> str:
        """What a person tells it by beside its name."""
        return urlsplit(self.gateway).hostname or ""


AnyProfile = Profile | GatewayProfile
"""What a `.callup` file says; `gateway` among its keys tells which."""
_ALL_FIELDS = {**Profile.model_fields, **GatewayProfile.model_fields}
ALL_KEYS = _ALL_FIELDS.keys()
LIST_KEYS = frozenset(name for name, field in _ALL_FIELDS.items() if get_origin(field.annotation) is tuple)
"""Those whose value is a list of texts."""


def _with_small_host(url: str) -> str:
    """The address, its host in small letters: there it is the same one."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.lower()).geturl()


def _amazon(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def load_any_profile(path: Path, fixed: Mapping[str, object] | None = None) -> AnyProfile:
    """The profile in the file; raises ProfileError with a problem for each thing that is wrong.

    `fixed` are the keys that IT set, whatever the file says of them.
    """
    return parse_profile(read_profile(path), path, fixed)


def load_profile(path: Path, fixed: Mapping[str, object] | None = None) -> Profile:
    """The profile in the file, as `load_any_profile`, for whoever needs storage, registry and queue themselves."""
    profile = load_any_profile(path, fixed)
    if isinstance(profile, GatewayProfile):
        raise ProfileError(path, (ProfileProblem("gateway", ProblemCode.NEEDS_SERVERS),))
    return profile


def read_profile(path: Path) -> bytes:
    """What the file holds; raises ProfileError where that is nothing, or more than any profile."""
    try:
        return read_small(path, LARGEST_PROFILE)
    except FileNotFoundError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NO_FILE),)) from exc
    except OSError as exc:
        code = ProblemCode.FILE_TOO_LARGE if exc.errno == errno.EFBIG else ProblemCode.UNREADABLE_FILE
        raise ProfileError(path, (ProfileProblem("", code),)) from exc


def parse_profile(content: bytes, path: Path, fixed: Mapping[str, object] | None = None) -> AnyProfile:
    """The profile in what the file at the path held; raises ProfileError as `load_any_profile` does."""
    try:
        text = content.decode("utf-8-sig")
        if _DEEP_KEY.search(text):
            raise RecursionError
        values = {**tomllib.loads(text), **(fixed or {})}
    except UnicodeDecodeError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.UNREADABLE_FILE),)) from exc
    except RecursionError as exc:
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NESTED),)) from exc
    except ValueError as exc:
        # The parser's own text is the only place where the line stands; of a number that is too long it is Python's.
        raise ProfileError(path, (ProfileProblem("", ProblemCode.NOT_TOML, str(exc)),)) from exc
    return profile_of(values, path)


def profile_of(values: Mapping[str, object], path: Path) -> AnyProfile:
    """The profile that the values of its keys make, which stand at the path; raises as `load_any_profile` does."""
    kind = _kind_of(values)
    try:
        return kind.model_validate(values)
    except ValidationError as exc:
        raise ProfileError(path, tuple(_problem_of(error, kind) for error in exc.errors())) from exc


def are_whole(values: Mapping[str, object]) -> bool:
    """Whether there is a value, right or wrong, of each key that a profile needs."""
    return all(name in values for name, key in _kind_of(values).model_fields.items() if key.is_required())


def _kind_of(values: Mapping[str, object]) -> type[Profile] | type[GatewayProfile]:
    return GatewayProfile if "gateway" in values else Profile


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


def _problem_of(error: ErrorDetails, kind: type[Profile] | type[GatewayProfile]) -> ProfileProblem:
    """What pydantic's error means; one that has no code of its own keeps pydantic's words as its detail."""
    key = ".".join(map(str, error["loc"]))
    code = _CODES.get(error["type"], ProblemCode.INVALID)
    if code is ProblemCode.KEY_UNKNOWN and key in ALL_KEYS:
        code = ProblemCode.NOT_WITH_GATEWAY if kind is GatewayProfile else ProblemCode.ONLY_WITH_GATEWAY
    return ProfileProblem(key, code, _detail_of(code, error), _params_of(code, error, kind))


def _detail_of(code: ProblemCode, error: ErrorDetails) -> str:
    if code is ProblemCode.BAD_PATTERN:
        return str(error["ctx"]["reason"])
    return error["msg"] if code is ProblemCode.INVALID else ""


def _params_of(
    code: ProblemCode, error: ErrorDetails, kind: type[Profile] | type[GatewayProfile]
) -> Mapping[str, str | int]:
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
        return {"offered": ", ".join(get_args(kind.model_fields[str(error["loc"][0])].annotation))}
    return {}
