"""Where the calls of a profile go, and what it wants of this computer: what a rep agrees to, by digest. Any thread."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum


class LocalUse(StrEnum):
    """What a profile may make this computer run or read for it; only IT, or the rep's word, allows it."""

    AWS_KEYS = "aws_keys"
    """Keys of the AWS configuration, which may run a program to get them."""
    TOKEN = "token"  # noqa: S105 - the name of a use
    """A token that this computer gives to programs, for the registry."""
    FILES = "files"
    """Files that its registry's address names."""
    AUTHORITY = "authority"
    """Nothing of this computer, but its word on whom to trust: certificates that count beside its own."""


KEYS_OF_USES: Mapping[LocalUse, tuple[str, ...]] = {
    LocalUse.AWS_KEYS: ("credentials", "aws_profile"),
    LocalUse.TOKEN: ("mongo_uri",),
    LocalUse.FILES: ("mongo_uri",),
    LocalUse.AUTHORITY: ("authority",),
}
"""The keys of a profile that say so."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Every server that gets something of a call, or a secret, and who may vouch for these servers.

    `registry` are hosts and ports; `authority` are the fingerprints of those who count beside the system's, or "".
    """

    storage: str
    bucket: str
    registry: tuple[str, ...]
    queue: str
    authority: str = ""

    @property
    def identity(self) -> str:
        """Whose secrets and calls these are; another server anywhere makes another identity."""
        return digest_of(asdict(self))


@dataclass(frozen=True, slots=True)
class GatewayDestination:
    """The gateway that gets calls, the `issuer` that signs in for it, and who may vouch for both; "" for none."""

    gateway: str
    issuer: str = ""
    authority: str = ""

    @property
    def identity(self) -> str:
        """Whose secrets and calls these are; another server anywhere makes another identity."""
        return digest_of(asdict(self))


AnyDestination = Destination | GatewayDestination


def digest_of(value: object) -> str:
    """SHA-256 in hexadecimal of a value of JSON, whatever order its keys have."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
