"""Addresses in a profile, read strictly: only what every library that connects reads in the same way. Any thread.

Whoever decides by one parser and connects by another can be led elsewhere. So an address is plain text of a form that
leaves nothing to interpret, and the registry's driver gets one put together from what was read. Random addresses prove
in the tests that urllib3 and pymongo read the same in whatever is taken here; importing them at each start is too slow.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_plus, urlsplit

_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_WEB = re.compile(
    r"(?P<scheme>(?i:https?))://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>0|[1-9][0-9]{0,4}))?"
    r"(?P<path>/[A-Za-z0-9._~/-]*)?"
)
_USER = r"(?:[A-Za-z0-9._~+=,-]|%[0-9A-Fa-f]{2})+"
_HOST_AND_PORT = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?"
_ONE_HOST = re.compile(r"\[?(?P<host>[0-9A-Fa-f:.]+(?=\])|[A-Za-z0-9._-]+)\]?(?::(?P<port>[0-9]+))?")
_MONGO = re.compile(
    r"(?P<scheme>mongodb(?:\+srv)?)://"
    rf"(?:(?P<user>{_USER})(?P<password>:[^@/]*)?@)?"
    rf"(?P<hosts>{_HOST_AND_PORT}(?:,{_HOST_AND_PORT})*)"
    r"(?:/(?P<database>[A-Za-z0-9_-]*))?(?:\?(?P<options>.*))?"
)
_LONGEST_HOST = 253

_LARGEST_PORT = 65_535
_MONGO_PORT = 27_017
_MOST_HOSTS = 50
"""A replica set has no more members; the driver starts threads for each."""
_SOCKET = ".sock"
"""The end of a name that the driver takes for a socket's file."""

_FILES = ("tlscafile", "tlscertificatekeyfile")
OIDC = "MONGODB-OIDC"
X509 = "MONGODB-X509"
_WITHOUT_PASSWORD = frozenset({X509, OIDC})
_MECHANISMS = frozenset({"DEFAULT", "SCRAM-SHA-1", "SCRAM-SHA-256", X509, OIDC})
_PROPERTIES = frozenset({"ENVIRONMENT", "TOKEN_RESOURCE"})
_READ_PREFERENCES = frozenset({"primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"})
_LONGEST_APP_NAME = 128
_NUMBER = re.compile(r"[0-9]{1,9}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


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
    """A registry, read as pymongo would: where it is, who asks, and the options by their lower-case names.

    `hosts` is the one name to resolve where `srv` is set. `plain` means without TLS, to this computer.
    """

    hosts: tuple[tuple[str, int], ...]
    srv: bool
    user: str | None
    plain: bool
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def uri(self) -> str:
        """Where to connect, put together from what was read.

        Without TLS a name that only means this computer is an address; with it the certificate has to have the name.
        """
        if self.srv:
            return f"mongodb+srv://{self.hosts[0][0]}/"
        hosts = ((_literal(host) if self.plain else host, port) for host, port in self.hosts)
        return "mongodb://" + ",".join(f"{_bracketed(host)}:{port}" for host, port in hosts) + "/"

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
    match = _WEB.fullmatch(url)
    if match is None:
        raise AddressError(AddressFault.PASSWORD_INSIDE if _web_password(url) else AddressFault.MALFORMED)
    host, port = match["host"].strip("[]"), int(match["port"] or 0)
    is_address = match["host"].startswith("[") == (":" in host)
    climbs = {".", ".."} & set((match["path"] or "").split("/"))
    if not is_address or not is_strict_host(host) or port > _LARGEST_PORT or climbs:
        raise AddressError(AddressFault.MALFORMED)
    if match["scheme"].lower() == "http" and not is_loopback(host):
        raise AddressError(AddressFault.PLAIN)


def _web_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password)
    except ValueError:
        return False


def check_proxy_address(url: str) -> None:
    """Raise AddressError unless the URL is that of a proxy for http, without a name or password."""
    scheme, _, rest = url.partition("://")
    # What it says is TLS from end to end, so the way to the proxy itself may be plain.
    check_web_address(f"https://{rest}" if scheme == "http" else url)
    if urlsplit(url).path not in {"", "/"}:
        raise AddressError(AddressFault.MALFORMED)


def mongo_address(uri: str) -> MongoAddress:
    """The registry that the URI names; raises AddressError unless it is encrypted or on this computer."""
    match = _MONGO.fullmatch(uri) if uri.isascii() and uri.isprintable() else None
    if match is None:
        raise AddressError(AddressFault.PASSWORD_INSIDE if _holds_password(uri) else AddressFault.MALFORMED)
    if match["password"] is not None:
        raise AddressError(AddressFault.PASSWORD_INSIDE)
    srv = match["scheme"] == "mongodb+srv"
    hosts = tuple(map(_host_and_port, match["hosts"].split(",")))
    options = MappingProxyType(_options_of(match["options"] or ""))
    _check_values(options)
    if len(hosts) > _MOST_HOSTS or (srv and (len(hosts) > 1 or ":" in match["hosts"])):
        raise AddressError(AddressFault.MALFORMED)
    _check_together(hosts, options)
    encrypted = bool(options.get("tls", srv))
    # Without TLS a server could name others as its members, and the driver would follow.
    alone_here = len(hosts) == 1 and is_loopback(hosts[0][0]) and "replicaset" not in options and not srv
    if not encrypted and not alone_here:
        raise AddressError(AddressFault.PLAIN)
    user = unquote_plus(match["user"]) if match["user"] else None
    return MongoAddress(hosts, srv, user, not encrypted, options)


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


def _host_and_port(text: str) -> tuple[str, int]:
    """The server, in lower case as the driver keeps it."""
    match = _ONE_HOST.fullmatch(text)
    host, port = (match["host"].lower(), int(match["port"] or _MONGO_PORT)) if match else ("", 0)
    is_address = text.startswith("[") == (":" in host)
    if not is_address or host.endswith(_SOCKET) or not is_strict_host(host) or not 0 < port <= _LARGEST_PORT:
        raise AddressError(AddressFault.MALFORMED)
    return host, port


def _options_of(text: str) -> dict[str, Any]:
    """The options by their lower-case names, as the driver's keyword arguments have them."""
    found: dict[str, Any] = {}
    for option in text.split("&") if text else ():
        name, equals, value = option.partition("=")
        known = "tls" if name.lower() == "ssl" else name.lower()
        if known not in _READERS or known in found or not equals or set(value) & set("%&;#=?"):
            raise AddressError(AddressFault.OPTION, name if name.isalnum() else "")
        found[known] = _READERS[known](name, value)
    return found


def _read_switch(name: str, value: str) -> bool:
    if value not in {"true", "false"}:
        raise AddressError(AddressFault.OPTION, name)
    return value == "true"


def _read_number(name: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise AddressError(AddressFault.OPTION, name)
    return int(value)


def _read_idle_time(name: str, value: str) -> int:
    """Milliseconds, at least one."""
    number = _read_number(name, value)
    if not number:
        raise AddressError(AddressFault.OPTION, name)
    return number


def _read_text(name: str, value: str) -> str:
    if not value:
        raise AddressError(AddressFault.OPTION, name)
    return unquote_plus(value)


def _read_app_name(name: str, value: str) -> str:
    if len(value) > _LONGEST_APP_NAME:
        raise AddressError(AddressFault.OPTION, name)
    return _read_text(name, value)


def _read_acknowledgements(name: str, value: str) -> int | str:
    if _NUMBER.fullmatch(value):
        return int(value)
    if not _WORD.fullmatch(value):
        raise AddressError(AddressFault.OPTION, name)
    return value


def _read_preference(name: str, value: str) -> str:
    if value not in _READ_PREFERENCES:
        raise AddressError(AddressFault.OPTION, name)
    return value


def _read_properties(name: str, value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in value.split(","):
        key, _colon, property_value = one.partition(":")
        if not property_value or key in found:
            raise AddressError(AddressFault.OPTION, name)
        found[key] = unquote_plus(property_value)
    return found


def _read_file(name: str, value: str) -> str:
    """The path of a file, as it is; nothing opens it before the driver does."""
    if not _is_local_file(value):
        raise AddressError(AddressFault.OPTION, name)
    return value


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "appname": _read_app_name,
    "authmechanism": _read_text,
    "authmechanismproperties": _read_properties,
    "authsource": _read_text,
    "directconnection": _read_switch,
    "journal": _read_switch,
    "loadbalanced": _read_switch,
    "maxidletimems": _read_idle_time,
    "maxpoolsize": _read_number,
    "readpreference": _read_preference,
    "replicaset": _read_text,
    "retryreads": _read_switch,
    "retrywrites": _read_switch,
    "tls": _read_switch,
    "tlscafile": _read_file,
    "tlscertificatekeyfile": _read_file,
    "w": _read_acknowledgements,
}
"""What a profile may say to MongoDB's driver, in lower case, and how it is read; any other option is refused by name.

`ssl` is the driver's other word for `tls`.
"""


def _check_together(hosts: tuple[tuple[str, int], ...], options: Mapping[str, Any]) -> None:
    """Refuse what the driver refuses side by side."""
    direct, balanced = options.get("directconnection", False), options.get("loadbalanced", False)
    if (direct or balanced) and len(hosts) > 1:
        raise AddressError(AddressFault.MALFORMED)
    if balanced and (direct or "replicaset" in options):
        raise AddressError(AddressFault.MALFORMED)


def _check_values(options: Mapping[str, Any]) -> None:
    mechanism = str(options.get("authmechanism", "DEFAULT"))
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
