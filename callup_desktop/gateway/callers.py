"""Who calls: static tokens kept as hashes, JWTs of an OIDC issuer, or (sandbox only) anybody. Event loop."""

import hashlib
import ssl
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jwt
import truststore
from pydantic import TypeAdapter, ValidationError

from callup_desktop.config.reading import read_small
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.problems import problem
from callup_desktop.gateway.settings import (
    DEFAULT_TENANT,
    OPERATE,
    READ_ALL,
    SEND,
    GatewaySettings,
    StaticToken,
    StaticTokens,
    told,
)

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric ones only: a public key must never serve as a shared secret."""
_LEEWAY = 30.0
_JWKS_TIMEOUT = 5.0
_JWKS_LIFESPAN = 300.0
_DOTS_OF_JWT = 2
_RETRY_AFTER = 5.0
_LARGEST_TOKENS = 16 * 1024 * 1024
"""Bytes of a file of tokens: 80,000 of them."""
_SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, and what they may do."""

    tenant: str
    name: str
    roles: frozenset[str]

    @property
    def reads_as(self) -> str | None:
        """Whose calls they may see: their own name, or None for everybody's of the tenant."""
        return None if READ_ALL in self.roles else self.name

    def require(self, role: str) -> None:
        """Raise ProblemError 403 without the role."""
        if role not in self.roles:
            raise problem(Code.NOT_PERMITTED)


class Callers(Protocol):
    """How callers are told apart."""

    @property
    def only_tenant(self) -> str | None:
        """The tenant of all callers that there can be; None where there may be several."""
        ...

    async def caller_of(self, authorization: str | None) -> Caller:
        """Who presents this Authorization header; raises ProblemError 401, or 503 where that cannot be found out."""
        ...


class Anybody:
    """Everybody is one caller: for the sandbox on this computer."""

    @property
    def only_tenant(self) -> str | None:
        """That of everybody."""
        return _SANDBOX

    async def caller_of(self, authorization: str | None) -> Caller:  # noqa: ARG002 - nobody is asked
        """The one caller."""
        return Caller(_SANDBOX, "anybody", frozenset({SEND, READ_ALL, OPERATE}))


class BearerTokens:
    """Static tokens first, then JWTs where an issuer is known."""

    def __init__(self, tokens: Iterable[StaticToken], issuer: "OidcIssuer | None", work: BlockingCalls) -> None:
        """`work` is the thread in which keys are fetched and signatures verified."""
        self._tokens = {token.sha256: Caller(token.tenant, token.caller, token.roles) for token in tokens}
        self._issuer = issuer
        self._work = work

    @property
    def only_tenant(self) -> str | None:
        """The one of all tokens and of the issuer; None where there may be several."""
        tenants: set[str | None] = {caller.tenant for caller in self._tokens.values()}
        if self._issuer is not None:
            tenants.add(self._issuer.only_tenant)
        return tenants.pop() if len(tenants) == 1 else None

    async def caller_of(self, authorization: str | None) -> Caller:
        """Who presents this header."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise problem(Code.NOT_SIGNED_IN)
        token = token.strip()
        # The hash of a random token tells nothing about its neighbours, so a plain look-up leaks nothing by its time.
        if known := self._tokens.get(hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()):
            return known
        if self._issuer is None or token.count(".") != _DOTS_OF_JWT:
            raise problem(Code.SIGN_IN_REFUSED)
        return await self._work.run(self._issuer.caller_of, token)


class OidcIssuer:
    """One issuer's JWTs. Blocks: belongs to a thread."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._issuer = settings.oidc_issuer or ""
        self._audience = settings.oidc_audience or ""
        self._caller_claim = settings.oidc_caller_claim
        self._tenant_claim = settings.oidc_tenant_claim
        self._keys = jwt.PyJWKClient(
            settings.oidc_jwks_url or "",
            lifespan=_JWKS_LIFESPAN,
            timeout=_JWKS_TIMEOUT,
            ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )

    @property
    def only_tenant(self) -> str | None:
        """The tenant of all its callers; None where a claim names it."""
        return None if self._tenant_claim else DEFAULT_TENANT

    def caller_of(self, token: str) -> Caller:
        """Who the token says it is; raises ProblemError 401, or 503 where the issuer's keys cannot be fetched."""
        try:
            self._keys.get_jwk_set()
        except (jwt.PyJWTError, ValueError) as exc:
            raise problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER) from exc
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWKClientConnectionError as exc:
            raise problem(Code.GATEWAY_BUSY, retry_after=_RETRY_AFTER) from exc
        except (jwt.PyJWTError, ValueError, KeyError, TypeError) as exc:
            raise problem(Code.SIGN_IN_REFUSED) from exc
        name, tenant = claims.get(self._caller_claim), claims.get(self._tenant_claim or "", DEFAULT_TENANT)
        if not isinstance(name, str) or not name or not isinstance(tenant, str) or not tenant:
            raise problem(Code.SIGN_IN_REFUSED)
        return Caller(tenant, name, _roles_of(claims))


def _roles_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """What `roles` (a list) and `scope` (words) grant."""
    roles, scope = claims.get("roles", ()), claims.get("scope", "")
    listed = roles if isinstance(roles, list) else ()
    return frozenset([*(str(role) for role in listed), *(scope.split() if isinstance(scope, str) else ())])


def tokens_in(file: Path) -> tuple[StaticToken, ...]:
    """The static tokens that a file lists; raises OSError and ValueError, whose text holds no token.

    Whoever may write it can let in whom he likes, so one that everybody may write is refused.
    """
    data = read_small(file, _LARGEST_TOKENS)
    if sys.platform != "win32" and file.stat().st_mode & stat.S_IWOTH:
        raise ValueError("everybody may write it")
    try:
        tokens = TypeAdapter[tuple[StaticToken, ...]](StaticTokens).validate_python(data)
    except ValidationError as exc:
        raise ValueError(told(exc)) from exc
    if not tokens:
        raise ValueError("lists no token")
    return tokens
