"""Sessions of botocore: with given keys, and with those that the AWS SDK's own chain finds. Any thread.

Nothing here needs boto3, which adds transfers and resources of its own, and 40 ms to each start that sends.
"""

import logging
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from functools import cache
from typing import Any

from botocore.credentials import Credentials, ProcessProvider, ReadOnlyCredentials
from botocore.exceptions import UnknownCredentialError
from botocore.hooks import HierarchicalEmitter
from botocore.loaders import Loader
from botocore.parsers import ResponseParser, ResponseParserError, ResponseParserFactory
from botocore.session import Session

SERVICES = ("s3", "sqs")
"""What clients are made of, by botocore's names."""
CREDENTIAL_SERVICES = ("sts", "sso", "sso-oidc", "signin")
"""What the chain itself asks for keys, by botocore's names of their events."""

for _name in ("botocore.credentials", "botocore.tokens"):
    # What fails there is raised, and told; botocore would print it to a console beside, with its traceback.
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_MOST_PRINTED = 1024 * 1024
"""Bytes that a program may print; keys have a few hundred."""

Told = Callable[[Exception], Exception]
"""What an exception of the chain means."""


def isolated_session(key_id: str, secret: str, token: str | None = None, *, region: str) -> Session:
    """A session that reads no AWS configuration of this user, which may be broken or name a profile that is missing."""
    isolated = Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        },
        event_hooks=copy(_handlers()),
        include_builtin_handlers=False,
    )
    isolated.register_component("data_loader", _descriptions())
    isolated.register_component("response_parser_factory", _CarefulParsers())
    isolated.set_credentials(key_id, secret, token)
    isolated.set_config_variable("region", region)
    return isolated


class _Descriptions(Loader):
    """What botocore knows of the services that are used here, without its list of every endpoint of each.

    That list takes long to read. The rules of a service lead to the same hosts; what the list is still asked for,
    beside them, is told by the short list of partitions.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's own
        """The services that a client may be made of; botocore would look into the folders of all it knows, 450."""
        return list(SERVICES)

    def load_data_with_path(self, name: str) -> Any:
        """The description of that name, and the file that it is from."""
        if name != "endpoints":
            return super().load_data_with_path(name)
        described, path = super().load_data_with_path("partitions")
        return {"partitions": [_endpoints_of(partition) for partition in described["partitions"]]}, path


def _endpoints_of(partition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The partition as the list of endpoints has it: a pattern of host names for S3, and one for all other services."""
    told = partition["outputs"]
    plain, dual = told["dnsSuffix"], told["dualStackDnsSuffix"]
    # botocore asks for no region where it means the one to which all of S3 once belonged.
    s3 = {"partitionEndpoint": told["implicitGlobalRegion"], "endpoints": {}, "defaults": _hosts(".dualstack", plain)}
    return {
        "partition": partition["id"],
        "dnsSuffix": plain,
        "regionRegex": partition["regionRegex"],
        "regions": partition["regions"],
        "services": {"s3": s3},
        "defaults": {
            "hostname": "{service}.{region}.{dnsSuffix}",
            "protocols": ["https"],
            "signatureVersions": ["v4"],
            **_hosts("", dual, fips=plain),
        },
    }


def _hosts(label: str, dual: str, fips: str = "") -> Mapping[str, Any]:
    """The host names for IPv6, and for FIPS where `fips` is their domain; `dual` is that of the others."""
    told = [("", dual, ["dualstack"]), ("-fips", dual, ["dualstack", "fips"])]
    alone = [{"hostname": "{service}-fips.{region}.{dnsSuffix}", "dnsSuffix": fips, "tags": ["fips"]}] if fips else []
    return {
        "variants": [
            {"hostname": f"{{service}}{kind}{label}.{{region}}.{{dnsSuffix}}", "dnsSuffix": domain, "tags": tags}
            for kind, domain, tags in told
        ]
        + alone
    }


@cache
def _handlers() -> HierarchicalEmitter:
    """botocore's own handlers: to register its hundred takes as long as all else of a session, and they are alike."""
    handlers = HierarchicalEmitter()
    Session(event_hooks=handlers)
    return handlers


@cache
def _descriptions() -> Loader:
    """What botocore knows of the services: read once for all sessions, which are alike in that."""
    return _Descriptions()


def chain_session(profile: str | None, *, region: str, send: Callable[..., Any], told: Told) -> Session:
    """A session with the keys of the SDK's chain, which are looked for now; its `get_credentials` may be None.

    What the chain asks of AWS goes through `send`, as a `before-send` handler. Whatever goes wrong while keys are
    found, now or when they are renewed, is raised as `told` says.
    """
    with _told(told):
        core = Session(profile=profile)
        core.register_component("response_parser_factory", _CarefulParsers())
        for service in CREDENTIAL_SERVICES:
            core.register(f"before-send.{service}", send)
        chain = core.get_component("credential_provider")
        with suppress(UnknownCredentialError):
            # botocore has no way of its own to say how a program is run.
            chain.get_provider(ProcessProvider.METHOD)._popen = _BoundedProcess
        found = chain.load_credentials()
        core.register_component("credential_provider", _Found(None if found is None else ChainCredentials(found, told)))
        core.set_config_variable("region", region)
        return core


def asks_for_mfa(session: Session) -> bool:
    """Whether the role of the session's profile wants a code that somebody would have to type into a terminal."""
    profiles: Mapping[str, Mapping[str, str]] = session.full_config.get("profiles", {})
    name, seen = session.get_config_variable("profile") or "default", set[str]()
    while name in profiles and name not in seen:
        if "role_arn" in profiles[name] and profiles[name].get("mfa_serial"):
            return True
        seen.add(name)
        name = profiles[name].get("source_profile", "")
    return False


class _BoundedProcess(subprocess.Popen[bytes]):
    """A program that prints keys; one that does not stop is ended."""

    def __init__(self, command: list[str], **_streams: object) -> None:
        # Nobody reads what it says beside, which may be a secret.
        super().__init__(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def communicate(self, *_arguments: object, **_options: object) -> tuple[bytes, bytes]:
        """What it printed; ValueError where that has no end."""
        with self:
            printed = self.stdout.read(_MOST_PRINTED + 1) if self.stdout else b""
            if len(printed) > _MOST_PRINTED:
                self.kill()
                raise ValueError("the program prints without an end")
        return printed, b""


@contextmanager
def _told(told: Told) -> Iterator[None]:
    try:
        yield
    except Exception as exc:
        raise told(exc) from exc


class _CarefulParsers(ResponseParserFactory):
    """Parsers that raise ResponseParserError for any answer that is not AWS's; botocore's own raise anything."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """A parser of the protocol."""
        parser: ResponseParser = super().create_parser(protocol_name)
        parse = parser.parse

        def parse_carefully(response: Any, shape: Any) -> Any:
            try:
                parsed = parse(response, shape)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as exc:
                raise ResponseParserError(type(exc).__name__) from exc
            if not isinstance(parsed, dict):
                raise ResponseParserError("no table")
            return parsed

        parser.parse = parse_carefully  # type: ignore[method-assign]
        return parser


class _Found:
    """A chain that has ended: botocore asks it for the keys."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Credentials | None:
        """The keys that were found."""
        return self._credentials


class ChainCredentials(Credentials):
    """The keys that the chain found; what goes wrong when they are renewed is told as what it means."""

    def __init__(self, found: Credentials, told: Told) -> None:
        self._found = found
        self._told = told
        self.method = found.method

    def held(self) -> tuple[str, ...]:
        """The keys as they are now; asks nobody, and renews none."""
        return tuple(
            value
            for name, value in vars(self._found).items()
            if isinstance(value, str) and ("key" in name or "token" in name)
        )

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The keys of now, renewed if it is time."""
        with _told(self._told):
            return self._found.get_frozen_credentials()

    def get_deferred_property(self, property_name: str) -> Callable[[], str | None]:
        """As botocore's own."""
        with _told(self._told):
            return self._found.get_deferred_property(property_name)
