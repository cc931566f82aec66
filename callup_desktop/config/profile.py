"""The profile: where calls go. TOML (`*.callup`), made by an admin, never a secret in it. Immutable, any thread."""

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

Credentials = Literal["keyring", "aws", "sandbox"]
Updates = Literal["check", "off"]


class ProfileError(Exception):
    """Raised when a profile cannot be used; `problems` are sentences for the admin, `path` is the file."""

    def __init__(self, path: Path, problems: tuple[str, ...]) -> None:
        """Keep the file and what is wrong with it."""
        super().__init__(f"{path}: {'; '.join(problems)}")
        self.path = path
        self.problems = problems


class Profile(BaseModel):
    """Where calls go and within which limits; every key of a `.callup` file is here, any other is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    bucket: Annotated[str, Field(min_length=3, max_length=63, pattern=r"^[A-Za-z0-9._-]+$")]
    region: Annotated[str, Field(min_length=1)] = "us-east-1"
    endpoint: str | None = None
    mongo_uri: Annotated[str, Field(pattern=r"^mongodb(\+srv)?://")]
    database: Annotated[str, Field(min_length=1)]
    collection: Annotated[str, Field(min_length=1)] = "calls"
    queue_url: Annotated[str, Field(min_length=1)]
    call_types: Annotated[tuple[str, ...], Field(min_length=1)] = ("demo", "support", "sales")
    uploaded_by: EmailStr | None = None
    credentials: Credentials = "keyring"
    aws_profile: str | None = None
    bandwidth_limit: Annotated[int | None, Field(gt=0, description="bytes a second")] = None
    files_at_once: Annotated[int, Field(ge=1, le=16)] = 3
    requests_at_once: Annotated[int, Field(ge=1, le=32)] = 8
    updates: Updates = "check"
    update_url: str | None = None
    update_root: Annotated[
        str | None, Field(pattern=r"^[0-9A-Fa-f]{64}$", description="SHA-256 of the update repository's first root")
    ] = None

    @field_validator("call_types")
    @classmethod
    def _lower_case_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = tuple(dict.fromkeys(kind.strip().lower() for kind in types))
        if not all(cleaned):
            raise ValueError("a call type is empty")
        return cleaned

    @field_validator("endpoint", "queue_url", "update_url")
    @classmethod
    def _https_or_loopback(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("is not a web address")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("plain http is only allowed to this computer; use https")
        return url

    @field_validator("queue_url")
    @classmethod
    def _names_a_queue(cls, url: str) -> str:
        """The URL ends in the queue's name; SQS takes a slash behind it for another address."""
        if not (stripped := url.rstrip("/")).partition("://")[2].partition("/")[2]:
            raise ValueError("names no queue")
        return stripped

    @field_validator("mongo_uri")
    @classmethod
    def _no_password_and_tls(cls, uri: str) -> str:
        parts = urlsplit(uri)
        if parts.password:
            raise ValueError("holds a password; passwords belong in the keyring")
        hosts = parts.netloc.rpartition("@")[2].split(",")
        encrypted = parts.scheme == "mongodb+srv" or any(
            option in {"tls=true", "ssl=true"} for option in parts.query.lower().split("&")
        )
        off = any(option in {"tls=false", "ssl=false"} for option in parts.query.lower().split("&"))
        if (off or not encrypted) and not all(is_loopback(_host_of(host)) for host in hosts):
            raise ValueError("MongoDB without TLS is only allowed to this computer; add tls=true")
        return uri

    @model_validator(mode="after")
    def _sandbox_stays_here(self) -> "Profile":
        if self.credentials == "sandbox" and not (
            self.endpoint and is_loopback(urlsplit(self.endpoint).hostname or "")
        ):
            raise ValueError("credentials = 'sandbox' goes with an endpoint on this computer only")
        return self

    @model_validator(mode="after")
    def _updates_are_verified(self) -> "Profile":
        if (self.update_url is None) != (self.update_root is None):
            raise ValueError("update_url and update_root go together: what is not signed is not believed")
        return self

    @property
    def queue_is_fifo(self) -> bool:
        """Whether the queue keeps order and needs deduplication and group ids."""
        return self.queue_url.endswith(".fifo")


def load_profile(path: Path) -> Profile:
    """The profile in the file; raises ProfileError with a sentence for each thing that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise ProfileError(path, ("there is no such file",)) from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise ProfileError(path, ("this file cannot be read as text",)) from exc
    try:
        return Profile.model_validate(tomllib.loads(text))
    except RecursionError as exc:
        raise ProfileError(path, ("values are nested too deeply",)) from exc
    except tomllib.TOMLDecodeError as exc:
        raise ProfileError(path, (f"not valid TOML: {exc}",)) from exc
    except ValidationError as exc:
        raise ProfileError(path, tuple(_sentence(error) for error in exc.errors())) from exc


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


def _sentence(error: object) -> str:
    details = error if isinstance(error, dict) else {}
    key = ".".join(str(place) for place in details.get("loc", ()))
    match details.get("type"):
        case "missing":
            return f"the key '{key}' is missing"
        case "extra_forbidden":
            return f"the key '{key}' is not known"
        case _:
            message = str(details.get("msg", "is not valid")).removeprefix("Value error, ")
            return f"'{key}': {message}" if key else message
