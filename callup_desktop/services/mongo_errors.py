"""What MongoDB's refusals mean, and why no server of it can be used. Any thread; `unreachable` asks the network."""

import socket
import ssl
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, NotSentError, TransientError
from callup_desktop.files.errors import Params
from callup_desktop.services import network, tls
from callup_desktop.services.happy_eyeballs import connect
from callup_desktop.services.wrong_clock import blamed_clock

NO_RETRYABLE_WRITES = frozenset({20, 301})
"""How servers without retryable writes refuse them: IllegalOperation, and DocumentDB's own number."""

ATLAS_ERROR = 8000
"""AtlasError: a login that Atlas refuses, or a right that it does not give."""

_NO_LOGIN = frozenset({11, 18})
"""UserNotFound, AuthenticationFailed."""
_DENIED = frozenset({13, 31, 33, 334, ATLAS_ERROR})
"""Unauthorized, RoleNotFound, ..., MechanismUnavailable."""
_REFUSED = frozenset({121, 10334, 17280, 17419, 17420, 11000, 11001, 12582, 52, 57})
"""What is said of the very document, at every try: DocumentValidationFailure, BSONObjectTooLarge and its like,
DuplicateKey of another call, DollarPrefixedFieldName, DottedFieldName."""
_TRANSIENT_LABELS = ("RetryableWriteError", "TransientTransactionError", "SystemOverloadedError", "RetryableError")
_LATE_ALERT = 0.5
"""Seconds in which a server that has finished its handshake may still refuse it."""

Address = tuple[str, int]


def translate(exc: PyMongoError | BSONError) -> CallError:
    """What a refusal means, by who has to act; by class, label and code alone, never by message.

    What nobody here knows is taken for passing: servers have hundreds of errors of the moment, and only few that are
    about the one document.
    """
    code = getattr(exc, "code", None)
    detail = type(exc).__name__ if code is None else f"{type(exc).__name__} {code}"
    match exc:
        case BSONError():
            return JobError(Code.REGISTRY_REFUSED, detail)
        case ConfigurationError():
            return _misconfigured(exc, detail)
        case ServerSelectionTimeoutError():
            return NotSentError(Code.REGISTRY_UNREACHABLE, detail)
        case ConnectionFailure() | ExecutionTimeout() | WriteConcernError():
            return TransientError(Code.REGISTRY_UNREACHABLE, detail)
        case PyMongoError() if any(exc.has_error_label(label) for label in _TRANSIENT_LABELS):
            return TransientError(Code.REGISTRY_BUSY, detail)
        case OperationFailure() if code in _NO_LOGIN:
            return AccountError(Code.REGISTRY_LOGIN, detail)
        case OperationFailure() if code in _DENIED:
            return AccountError(Code.REGISTRY_DENIED, detail)
        case OperationFailure() if code in _REFUSED:
            return JobError(Code.REGISTRY_REFUSED, detail)
        case OperationFailure():
            return TransientError(Code.REGISTRY_BUSY, detail)
        case _:
            raise exc


def _misconfigured(exc: ConfigurationError, detail: str) -> CallError:
    """What is wrong with an address that the driver does not take, or whose names it could not look up."""
    if exc.__cause__ is None:
        return AccountError(Code.REGISTRY_DENIED, detail)
    from dns.exception import DNSException
    from dns.resolver import NXDOMAIN, NoAnswer

    match exc.__cause__:
        case NXDOMAIN() | NoAnswer():
            return AccountError(Code.REGISTRY_ADDRESS, detail, params={"problem": "names"})
        case DNSException():
            return TransientError(Code.REGISTRY_UNREACHABLE, detail)
        case _:
            return AccountError(Code.REGISTRY_DENIED, detail)


def refuses_login(client: MongoClient[Any]) -> bool:
    """Whether a server refused the login: pymongo notes that of the server, and of a command's refusal nothing."""
    servers = client.topology_description.server_descriptions().values()
    return any(isinstance(server.error, OperationFailure) for server in servers)


def unreachable(
    client: MongoClient[Any], seeds: Iterable[Address], told_time: Callable[[], datetime | None]
) -> CallError | None:
    """Why no server can be used until somebody changes something; None where that may end by itself. Blocks.

    `seeds` are the addresses of the profile; () where DNS tells them. `told_time` is asked where a certificate is out
    of date, as the registry tells none. The driver keeps of a failed connection hardly more than a text, so each server
    is asked once more, without logging in.
    """
    seen = client.topology_description
    servers = seen.server_descriptions()
    if not servers and seen.topology_type_name == "ReplicaSetNoPrimary":
        return _wrong_set(seen.replica_set_name or "")
    known = set(seeds)
    for (host, port), server in servers.items():
        if isinstance(server.error, ConfigurationError) and seen.replica_set_name:
            return _wrong_set(seen.replica_set_name)
        if server.error is None or isinstance(server.error, NetworkTimeout):
            continue
        is_seed = (host, port) in known or not known
        if found := _blamed(network.Route(host, port or 0), context_of(client), told_time, is_seed=is_seed):
            return found
    return None


def context_of(client: MongoClient[Any]) -> ssl.SSLContext | None:
    """What the driver trusts and shows; None where it speaks without TLS. It tells this nowhere else.

    Python's own kind: PyOpenSSL, which the driver would prefer, is not among our packages.
    """
    return cast("ssl.SSLContext | None", client.options.pool_options._ssl_context)


def _blamed(
    route: network.Route, context: ssl.SSLContext | None, told_time: Callable[[], datetime | None], *, is_seed: bool
) -> CallError | None:
    """What keeps the driver from this server."""
    try:
        sock = connect(route.host, route.port, timeout=network.DIAGNOSIS_TIMEOUT)
    except socket.gaierror as exc:
        # A member that a seed named is of an inner network, whatever the resolver says of it.
        return _misaddressed("names", route) if not is_seed or network.is_unknown_name(exc) else None
    except OSError:
        return None
    with sock:
        if context is None:
            return _misaddressed("tls_wanted", route) if tls.speaks_tls(route) else None
        try:
            problem = _tls_problem(context, sock, route.host)
        except ConnectionError:
            return _misaddressed("no_tls", route) if _speaks_plainly(route) else None
    if problem is tls.TlsProblem.NOT_TLS:
        return _misaddressed("no_tls", route)
    if problem is tls.TlsProblem.EXPIRED and (clock := blamed_clock(route, told_time())):
        return clock
    return _untrusted(route, problem) if problem else None


def _tls_problem(context: ssl.SSLContext, sock: socket.socket, host: str) -> tls.TlsProblem | None:
    """What is wrong with TLS on the connection; ConnectionError where the server closes it without a word."""
    try:
        with context.wrap_socket(sock, server_hostname=host) as secure:
            # A server of TLS 1.3 says only after the handshake that it misses a certificate.
            secure.settimeout(_LATE_ALERT)
            secure.recv(1)
    except ssl.SSLEOFError as exc:
        raise ConnectionAbortedError from exc
    except ssl.SSLError as exc:
        return tls.tls_problem(exc)
    except TimeoutError:
        return None
    return None


def _speaks_plainly(route: network.Route) -> bool:
    """Whether a server without TLS answers there: it closes the connection at a TLS handshake, and says no word."""
    address = f"mongodb://[{route.host}]:{route.port}" if ":" in route.host else f"mongodb://{route.host}:{route.port}"
    milliseconds = int(network.DIAGNOSIS_TIMEOUT * 1000)
    with MongoClient[Any](
        f"{address}/?directConnection=true",
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        appname="callup-desktop",
    ) as plain:
        try:
            plain.admin.command("hello")
        except PyMongoError:
            return False
        return True


def _wrong_set(name: str) -> AccountError:
    return AccountError(Code.REGISTRY_ADDRESS, "another replica set", params={"problem": "set", "set": name})


def _misaddressed(problem: str, route: network.Route) -> AccountError:
    params: Params = {"problem": problem, "host": f"{route.host}:{route.port}"}
    return AccountError(Code.REGISTRY_ADDRESS, problem, params=params)


def _untrusted(route: network.Route, problem: tls.TlsProblem) -> AccountError:
    issuer = tls.certificate_issuer(route) if problem is tls.TlsProblem.UNTRUSTED else ""
    params: Params = {"problem": str(problem), "issuer": issuer, "host": f"{route.host}:{route.port}"}
    return AccountError(Code.REGISTRY_UNTRUSTED, f"certificate or encryption: {problem}", params=params)
