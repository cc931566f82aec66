"""Addresses in a profile, as the libraries that connect read them, and only where all readers agree. Any thread.

Whoever decides by one parser and connects by another can be led elsewhere. So an address is plain text of a strict
form, and what counts of it is what urllib3 and pymongo themselves make of it.
"""

import ipaddress
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri
from urllib3.exceptions import HTTPError
from urllib3.util import parse_url

_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_WEB_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_USER = r"(?:[A-Za-z0-9._~+=,-]|%[0-9A-Fa-f]{2})+"
_HOST_AND_PORT = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?"
_MONGO = re.compile(
    r"(?P<scheme>mongodb(?:\+srv)?)://"
    rf"(?:(?P<user>{_USER})(?P<password>:[^@/]*)?@)?"
    rf"(?P<hosts>{_HOST_AND_PORT}(?:,{_HOST_AND_PORT})*)"
    r"(?:/(?P<database>[A-Za-z0-9_-]*))?(?:\?(?P<options>.*))?"
)
_LONGEST_HOST = 253

MONGO_OPTIONS = frozenset(
    {"appname", "authmechanism", "authmechanismproperties", "authsource", "directconnection", "journal"}
    | {"loadbalanced", "maxidletimems", "maxpoolsize", "readpreference", "replicaset", "retryreads", "retrywrites"}
    | {"ssl", "tls", "tlscafile", "tlscertificatekeyfile", "w"}
)
"""What a profile may say to MongoDB's driver, in lower case; any other option is refused by name."""
_FILES = ("tlscafile", "tlscertificatekeyfile")
OIDC = "MONGODB-OIDC"
X509 = "MONGODB-X509"
_WITHOUT_PASSWORD = frozenset({X509, OIDC})
_MECHANISMS = frozenset({"DEFAULT", "SCRAM-SHA-1", "SCRAM-SHA-256", X509, OIDC})
_PROPERTIES = frozenset({"ENVIRONMENT", "TOKEN_RESOURCE"})


class AddressFault(StrEnum):
    """Why an address is refused."""

    MALFORMED = "malformed"
    PASSWORD_INSIDE = "password_inside"  # noqa: S105 - the name of a mistake
    PLAIN = "plain"
    OPTION = "option"


class AddressError(ValueError):
    """Raised for an address that is refused; `option` names the option that is, never its value."""

    def __init__(self, fault: AddressFault, option: str = "") -> None:
        super().__init__(f"{fault} {option}".rstrip())
        self.fault = fault
        self.option = option


@dataclass(frozen=True, slots=True)
class MongoAddress:
    """A registry as pymongo reads it: where it is, who asks, and the options by their lower-case names.

    `hosts` is the one name to resolve where `srv` is set. `plain` means without TLS, to this computer.
    """

    hosts: tuple[tuple[str, int], ...]
    srv: bool
    user: str | None
    plain: bool
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def uri(self) -> str:
        """Where to connect, put together from what was read; a name that only means this computer is an address."""
        if self.srv:
            return f"mongodb+srv://{self.hosts[0][0]}/"
        return "mongodb://" + ",".join(f"{_bracketed(_literal(host))}:{port}" for host, port in self.hosts) + "/"

    @property
    def mechanism(self) -> str:
        """How the driver signs in, "" for its own choice."""
        return str(self.options.get("authmechanism", "")).upper()

    @property
    def wants_password(self) -> bool:
        """Whether the driver signs in with a password."""
        return self.user is not None and self.mechanism not in _WITHOUT_PASSWORD

    @property
    def shows_certificate(self) -> bool:
        """Whether the client shows a certificate, whose key may have a password."""
        return "tlscertificatekeyfile" in self.options

    @property
    def files(self) -> tuple[str, ...]:
        """The files of this computer that the options name."""
        return tuple(str(self.options[name]) for name in _FILES if name in self.options)


def check_web_address(url: str) -> None:
    """Raise AddressError unless the URL is https, or http to this computer, and no two parsers can differ on it."""
    try:
        parsed, other = parse_url(url), urlsplit(url)
        port = other.port
    except (HTTPError, ValueError) as exc:
        raise AddressError(AddressFault.MALFORMED) from exc
    if parsed.auth is not None or other.username is not None:
        inside = ":" in (parsed.auth or "") or other.password
        raise AddressError(AddressFault.PASSWORD_INSIDE if inside else AddressFault.MALFORMED)
    host = (parsed.host or "").strip("[]")
    agreed = (parsed.scheme, host, parsed.port) == (other.scheme, (other.hostname or "").lower(), port)
    only_path = parsed.query is None and parsed.fragment is None and _WEB_PATH.fullmatch(parsed.path or "")
    written = parsed.url.lower() == url.lower() and only_path
    if parsed.scheme not in {"http", "https"} or not agreed or not written or not is_strict_host(host):
        raise AddressError(AddressFault.MALFORMED)
    if parsed.scheme == "http" and not is_loopback(host):
        raise AddressError(AddressFault.PLAIN)


def check_proxy_address(url: str) -> None:
    """Raise AddressError unless the URL is that of a proxy for http, without a name or password."""
    scheme, _, rest = url.partition("://")
    # What it says is TLS from end to end, so the way to the proxy itself may be plain.
    check_web_address(f"https://{rest}" if scheme == "http" else url)
    if urlsplit(url).path not in {"", "/"}:
        raise AddressError(AddressFault.MALFORMED)


def mongo_address(uri: str) -> MongoAddress:
    """The registry that the URI names; raises AddressError unless it is encrypted or on this computer."""
    match = _MONGO.fullmatch(uri) if uri.isascii() else None
    if match is None:
        raise AddressError(AddressFault.PASSWORD_INSIDE if _holds_password(uri) else AddressFault.MALFORMED)
    if match["password"] is not None:
        raise AddressError(AddressFault.PASSWORD_INSIDE)
    files, others = _options_of(match["options"] or "")
    srv = match["scheme"] == "mongodb+srv"
    read = _read_by_pymongo(f"mongodb://{uri.partition('://')[2].partition('?')[0]}", others)
    hosts = tuple((str(host), int(port or 0)) for host, port in read["nodelist"])
    options = MappingProxyType({name.lower(): value for name, value in dict(read["options"]).items()} | files)
    _check_values(options)
    if not all(is_strict_host(host) for host, _port in hosts) or (srv and (len(hosts) > 1 or ":" in match["hosts"])):
        raise AddressError(AddressFault.MALFORMED)
    encrypted = bool(options.get("tls", srv))
    # Without TLS a server could name others as its members, and the driver would follow.
    alone_here = len(hosts) == 1 and is_loopback(hosts[0][0]) and "replicaset" not in options and not srv
    if not encrypted and not alone_here:
        raise AddressError(AddressFault.PLAIN)
    return MongoAddress(hosts, srv, read["username"], not encrypted, options)


def is_strict_host(host: str) -> bool:
    """Whether it is an address as `ipaddress` writes it, or a name that nobody takes for an address."""
    if not host.isascii() or "%" in host or len(host) > _LONGEST_HOST:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _NAME.fullmatch(host) is not None and not _NUMERIC.fullmatch(host.rpartition(".")[2])
    return True


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _read_by_pymongo(address: str, options: Mapping[str, str]) -> dict[str, Any]:
    """What the driver reads; as a list of hosts, because with the scheme of SRV its parser would ask the DNS."""
    query = "&".join(f"{name}={value}" for name, value in options.items())
    slash = "" if "/" in address.partition("://")[2] else "/"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return dict(parse_uri(f"{address}{slash}?{query}" if query else address))
    except (PyMongoError, ValueError, Warning) as exc:
        raise AddressError(AddressFault.MALFORMED) from exc


def _options_of(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The options that name files, and the others. The driver's parser would open the files, on a share too."""
    found: dict[str, str] = {}
    for option in text.split("&") if text else ():
        name, equals, value = option.partition("=")
        known = "tls" if name.lower() == "ssl" else name.lower()
        if known not in MONGO_OPTIONS or known in found or not equals or set(value) & set("%&;#=?"):
            raise AddressError(AddressFault.OPTION, name if name.isalnum() else "")
        if known in _FILES and not _is_local_file(value):
            raise AddressError(AddressFault.OPTION, name)
        found[known] = value
    files = {name: value for name, value in found.items() if name in _FILES}
    return files, {name: value for name, value in found.items() if name not in files}


def _check_values(options: Mapping[str, Any]) -> None:
    mechanism = str(options.get("authmechanism", "DEFAULT")).upper()
    if mechanism not in _MECHANISMS:
        raise AddressError(AddressFault.OPTION, "authMechanism")
    properties = options.get("authmechanismproperties", {})
    if properties and (mechanism != OIDC or not set(properties) <= _PROPERTIES):
        raise AddressError(AddressFault.OPTION, "authMechanismProperties")
    if options.get("w", "majority") in {0, "0"}:
        raise AddressError(AddressFault.OPTION, "w")


def _is_local_file(path: str) -> bool:
    """Whether the path is a whole one on a drive of this computer, on whichever system it is meant for."""
    if ".." in path.replace("\\", "/").split("/"):
        return False
    windows = PureWindowsPath(path)
    if len(windows.drive) == 2 and windows.drive[0].isalpha() and windows.root:
        return True
    return PurePosixPath(path).is_absolute() and not path.startswith("//") and "\\" not in path


def _holds_password(uri: str) -> bool:
    user = uri.partition("://")[2].rpartition("@")[0]
    return ":" in user


def _literal(host: str) -> str:
    return "127.0.0.1" if host.lower() == "localhost" else host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
