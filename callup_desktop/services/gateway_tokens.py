"""The tokens by which a gateway knows this computer, and where they come from. Any thread; a keyring may block."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callup_desktop.choice import GATEWAY_TOKEN_VARIABLE
from callup_desktop.config.profile import AnyProfile, GatewayProfile, Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.oidc.tokens import SignedInTokens
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Secrets, Vault, open_secrets, way_of
from callup_desktop.services.way import FindProxy, Way, proxy_of_system


class AccessTokens(Protocol):
    """Whence each request to the gateway gets its bearer token."""

    def bearer(self) -> str:
        """The token of now; blocks while one is fetched.

        Raises AccountError where only a person or IT can bring one, with a code that says which (TOKEN_MISSING,
        TOKEN_REFUSED, SIGN_IN, KEYRING_LOCKED), and TransientError where it may come later. Everything is kept then.
        """
        ...

    def renew(self, refused: str) -> None:
        """The gateway answered 401 to this token: the next `bearer` is another one.

        Raises as `bearer` does where there is no other. A thread whose token was replaced meanwhile changes nothing.
        """
        ...

    def seen(self) -> tuple[str, ...]:
        """Every token that passed through here in this run, so that no writer lets one out; asks nobody."""
        ...


class StaticTokens:
    """One token that somebody made: of the environment, else of the vault. Implements AccessTokens.

    Both are read again at each call, so that a corrected token counts at once.
    """

    def __init__(self, vault: Vault, environ: Mapping[str, str]) -> None:
        self._vault = vault
        self._environ = environ

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"StaticTokens({self._vault!r})"

    def bearer(self) -> str:
        """See AccessTokens."""
        token = self._environ.get(GATEWAY_TOKEN_VARIABLE) or self._vault.read(Entry.GATEWAY_TOKEN)
        if not token:
            raise AccountError(Code.TOKEN_MISSING, "no token in the keyring")
        return token

    def renew(self, refused: str) -> None:
        """See AccessTokens."""
        if self.bearer() == refused:
            raise AccountError(Code.TOKEN_REFUSED, "the gateway answers 401")

    def seen(self) -> tuple[str, ...]:
        """See AccessTokens; the vault and the environment are masked by themselves."""
        return ()


@dataclass(frozen=True, slots=True)
class GatewaySecrets:
    """What this computer has for one gateway."""

    way: Way
    tokens: AccessTokens
    vault: Vault

    @property
    def kept_in_memory(self) -> bool:
        """Whether the vault found no keyring."""
        return self.vault.kept_in_memory

    def seen(self) -> tuple[str, ...]:
        """See AccessTokens."""
        return self.tokens.seen()


AnySecrets = Secrets | GatewaySecrets


def straight(profile: AnyProfile, secrets: AnySecrets) -> tuple[Profile, Secrets]:
    """Both, for whoever needs storage, registry and queue themselves; raises TypeError where they are of a gateway."""
    if isinstance(profile, GatewayProfile) or isinstance(secrets, GatewaySecrets):
        raise TypeError("a gateway's profile leads to no storage, registry or queue")
    return profile, secrets


def of_gateway(secrets: AnySecrets) -> GatewaySecrets:
    """The secrets, for whoever asks a gateway; raises TypeError where they are of another kind."""
    if not isinstance(secrets, GatewaySecrets):
        raise TypeError("a gateway is asked with a token")
    return secrets


def open_gateway_secrets(
    profile: GatewayProfile,
    vault: Vault,
    environ: Mapping[str, str] = os.environ,
    system_proxy: FindProxy = proxy_of_system,
) -> GatewaySecrets:
    """The tokens of a gateway's profile; nothing is read before it is needed.

    Where the profile names an issuer somebody signs in, unless the environment holds a token.
    """
    way = way_of(profile, vault, system_proxy)
    signs_in = profile.oidc_issuer is not None and not environ.get(GATEWAY_TOKEN_VARIABLE)
    tokens = SignedInTokens(profile, vault, way) if signs_in else StaticTokens(vault, environ)
    return GatewaySecrets(way, tokens, vault)


def open_any_secrets(
    profile: AnyProfile,
    profile_path: Path,
    vault: Vault,
    environ: Mapping[str, str] = os.environ,
    system_proxy: FindProxy = proxy_of_system,
) -> AnySecrets:
    """The secrets of the kind that the profile needs; nothing is read before it is needed."""
    if isinstance(profile, GatewayProfile):
        return open_gateway_secrets(profile, vault, environ, system_proxy)
    return open_secrets(profile, profile_path, vault=vault, environ=environ, system_proxy=system_proxy)
