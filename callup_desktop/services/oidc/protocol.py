"""OpenID Connect without a network: what is asked of a provider, and what its answers have to be. Any thread.

Only what signs in or renews a token loads this module: its libraries are slow to load.
"""

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import jwt
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from callup_desktop.config.addresses import AddressError, check_web_address
from callup_desktop.engine.errors import AccountError, Code, TransientError

WELL_KNOWN = "/.well-known/openid-configuration"
DEFAULT_SCOPE = "openid offline_access"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of an ID token's signature. Asymmetric ones only: a public key must never serve as a shared secret."""
_CHALLENGE = "S256"
_VERIFIER_LENGTH = 64
_RANDOM_BYTES = 32
_LEEWAY = 120.0
"""Seconds by which this computer's clock and the provider's may differ."""
_HERE = "https://localhost"
"""Stands for the page that got an answer: oauthlib wants an address that is https."""
_OWN_LIFETIME = 300.0
"""Seconds for which a token counts whose provider does not say."""
_OVERLOADED = frozenset({"server_error", "temporarily_unavailable", "slow_down"})
_ENDED = frozenset({"invalid_grant", "interaction_required", "login_required", "consent_required"})
"""Only a person can bring another grant."""


class Metadata(BaseModel):
    """What a provider says of itself; every address is https, or http to this computer."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    revocation_endpoint: str | None = None
    code_challenge_methods_supported: tuple[str, ...] = (_CHALLENGE,)
    authorization_response_iss_parameter_supported: bool = False

    @field_validator("authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint")
    @classmethod
    def _https_or_loopback(cls, url: str | None) -> str | None:
        try:
            if url is not None:
                # Some providers tell tenants apart by a query.
                check_web_address(url.partition("?")[0])
        except AddressError as exc:
            raise ValueError("not https") from exc
        return url


@dataclass(frozen=True, slots=True)
class Question:
    """One sign-in that was begun: what its answer has to fit. None of it is shown or written."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(_RANDOM_BYTES), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(_RANDOM_BYTES), repr=False)
    verifier: str = field(
        default_factory=lambda: str(WebApplicationClient("").create_code_verifier(_VERIFIER_LENGTH)), repr=False
    )

    def fits(self, query: str) -> bool:
        """Whether a query comes from somebody who knows this question: it has its state, and says nothing twice."""
        pairs = parse_qsl(query, keep_blank_values=True)
        told = dict(pairs)
        return len(told) == len(pairs) and secrets.compare_digest(told.get("state", "").encode(), self.state.encode())


@dataclass(frozen=True, slots=True)
class Granted:
    """What a token endpoint grants; `refresh_token` and `id_token` are "" where it grants none."""

    access_token: str = field(repr=False)
    lifetime: float
    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)


def metadata_of(content: bytes, issuer: str) -> Metadata:
    """The provider's description; AccountError(SIGN_IN_SERVICE) where it is none, or another issuer's."""
    try:
        metadata = Metadata.model_validate_json(content)
    except ValidationError as exc:
        places = ", ".join(sorted({str(error["loc"][0]) for error in exc.errors() if error["loc"]}))
        raise _unusable(f"its description is not one: {places or 'no JSON'}") from exc
    if metadata.issuer != issuer:
        raise _unusable("its description names another issuer")
    if _CHALLENGE not in metadata.code_challenge_methods_supported:
        raise _unusable(f"it does not take {_CHALLENGE}")
    return metadata


def authorization_url(metadata: Metadata, client_id: str, scope: str, question: Question, redirect_uri: str) -> str:
    """Where the browser goes; it comes back to `redirect_uri`."""
    client = WebApplicationClient(client_id)
    endpoint = metadata.authorization_endpoint
    url = client.prepare_request_uri(
        _secure(endpoint),
        redirect_uri=redirect_uri,
        scope=scope,
        state=question.state,
        code_challenge=client.create_code_challenge(question.verifier, _CHALLENGE),
        code_challenge_method=_CHALLENGE,
        nonce=question.nonce,
    )
    return urlsplit(endpoint).scheme + url.removeprefix("https")


def code_in(query: str, metadata: Metadata, question: Question) -> str:
    """The code in the answer that the browser brought.

    Raises AccountError(SIGN_IN_DENIED) where the provider or the person refused, TransientError where the provider has
    no time, and AccountError(SIGN_IN_SERVICE) where the answer is another issuer's (RFC 9207).
    """
    try:
        answer = WebApplicationClient("").parse_request_uri_response(f"{_HERE}?{query}", state=question.state)
    except OAuth2Error as exc:
        raise _refusal(exc, Code.SIGN_IN_DENIED) from exc
    issuer = answer.get("iss")
    if issuer != metadata.issuer and (issuer or metadata.authorization_response_iss_parameter_supported):
        raise _unusable("its answer is another issuer's")
    return str(answer["code"])


def code_body(client_id: str, code: str, question: Question, redirect_uri: str) -> str:
    """The form that turns the code into tokens."""
    return str(
        WebApplicationClient(client_id).prepare_request_body(
            code=code, redirect_uri=redirect_uri, code_verifier=question.verifier
        )
    )


def refresh_body(client_id: str, refresh_token: str) -> str:
    """The form that renews the tokens."""
    return str(WebApplicationClient(client_id).prepare_refresh_body(refresh_token=refresh_token, client_id=client_id))


def revocation_body(client_id: str, endpoint: str, refresh_token: str) -> str:
    """The form that ends a refresh token (RFC 7009)."""
    client = WebApplicationClient(client_id)
    _url, _headers, body = client.prepare_token_revocation_request(
        _secure(endpoint), refresh_token, "refresh_token", client_id=client_id
    )
    return str(body)


def granted(content: bytes) -> Granted:
    """What a token endpoint answered.

    Raises AccountError(SIGN_IN) where the grant is not valid any more: somebody has to sign in again. SIGN_IN_SERVICE
    where the provider refuses this program, or its answer is none; TransientError where it has no time.
    """
    try:
        token = WebApplicationClient("").parse_request_body_response(content.decode())
    except OAuth2Error as exc:
        raise _refusal(exc, Code.SIGN_IN_SERVICE) from exc
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as exc:
        raise _unusable(f"no answer of a token endpoint: {type(exc).__name__}") from exc
    if str(token.get("token_type", "")).lower() != "bearer" or not _is_token(token["access_token"]):
        raise _unusable("its token is not a bearer token")
    lifetime = token.get("expires_in")
    return Granted(
        token["access_token"],
        float(lifetime) if isinstance(lifetime, int) and lifetime > 0 else _OWN_LIFETIME,
        token["refresh_token"] if _is_token(token.get("refresh_token")) else "",
        token["id_token"] if _is_token(token.get("id_token")) else "",
    )


def check_id_token(token: str, keys: bytes, metadata: Metadata, client_id: str, question: Question) -> None:
    """Raise unless the provider signed it for this program, in answer to the question, and for now.

    AccountError(CLOCK_WRONG) where only its times are at fault, else AccountError(SIGN_IN_SERVICE).
    """
    try:
        claims = jwt.decode(
            token,
            _signing_key(token, keys),
            algorithms=list(ALGORITHMS),
            audience=client_id,
            issuer=metadata.issuer,
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as exc:
        # It was signed seconds ago.
        raise AccountError(Code.CLOCK_WRONG, f"ID token: {type(exc).__name__}") from exc
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as exc:
        raise _unusable(f"ID token: {type(exc).__name__}") from exc
    if not secrets.compare_digest(str(claims["nonce"]).encode(), question.nonce.encode()):
        raise _unusable("ID token: another nonce")
    party = claims.get("azp", client_id)
    if party != client_id or (isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims):
        raise _unusable("ID token: meant for another program")


def _signing_key(token: str, keys: bytes) -> jwt.PyJWK:
    """The one of the provider's keys that the token names; the only one where it names none. Raises PyJWTError."""
    header = jwt.get_unverified_header(token)
    found = [
        key
        for key in jwt.PyJWKSet.from_json(keys.decode()).keys
        if key.public_key_use in {None, "sig"} and header.get("kid", key.key_id) == key.key_id
    ]
    if len(found) != 1:
        raise jwt.InvalidKeyError("no such key")
    return found[0]


def _is_token(value: object) -> bool:
    """Whether it can stand in a header."""
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable() and " " not in value


def _secure(url: str) -> str:
    """The address as oauthlib wants it; whether it may be http to this computer was decided before."""
    return "https" + url.removeprefix(urlsplit(url).scheme)


def _refusal(exc: OAuth2Error, otherwise: Code) -> AccountError | TransientError:
    error = exc.error or type(exc).__name__
    # What an answer says may hold anything, so that only the names of the standards are told.
    detail = error if error.isascii() and error.isidentifier() else type(exc).__name__
    if error in _OVERLOADED:
        return TransientError(Code.SIGN_IN_BUSY, detail)
    return AccountError(Code.SIGN_IN if error in _ENDED else otherwise, detail)


def _unusable(detail: str) -> AccountError:
    return AccountError(Code.SIGN_IN_SERVICE, detail)
