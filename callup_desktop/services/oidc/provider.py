"""The way to a provider: its description, keys and tokens, over the transport of uploads. Any thread; it blocks."""

from collections.abc import Mapping
from types import MappingProxyType

from botocore.awsrequest import AWSRequest, AWSResponse

from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.services.oidc import protocol
from callup_desktop.services.oidc.protocol import Granted, Metadata
from callup_desktop.services.transport import Transport
from callup_desktop.services.way import Way

_STALL_TIMEOUT = 20.0
_OK = 200
_TOO_MANY, _SERVER_ERROR = 429, 500
_FORM = MappingProxyType({"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})
_JSON = MappingProxyType({"Accept": "application/json"})
_NOT_A_PROVIDER = frozenset({Code.WRONG_BUCKET})
"""What the transport says of whoever answers at a store's address and is none."""


class Provider:
    """One issuer. Every method raises CallError; what it tells of itself is asked once.

    Its connections are new ones each time: those of an hour ago have died since.
    """

    def __init__(self, issuer: str, client_id: str, way: Way) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._way = way
        self._metadata: Metadata | None = None

    def metadata(self) -> Metadata:
        """What it says of itself."""
        if self._metadata is None:
            content = self._get(self._issuer.rstrip("/") + protocol.WELL_KNOWN)
            self._metadata = protocol.metadata_of(content, self._issuer)
        return self._metadata

    def keys(self) -> bytes:
        """The keys with which it signs."""
        return self._get(self.metadata().jwks_uri)

    def token(self, form: str) -> Granted:
        """What it grants for the form; raises as `protocol.granted` does."""
        answer = self._ask("POST", self.metadata().token_endpoint, form)
        try:
            return protocol.granted(answer.content)
        except AccountError as exc:
            if exc.code == Code.SIGN_IN_SERVICE:
                # It may have moved.
                self._metadata = None
            raise

    def revoke(self, refresh_token: str) -> bool:
        """End a refresh token; whether the provider has a place for that."""
        endpoint = self.metadata().revocation_endpoint
        if endpoint is None:
            return False
        answer = self._ask("POST", endpoint, protocol.revocation_body(self._client_id, endpoint, refresh_token))
        if answer.status_code != _OK:
            raise AccountError(Code.SIGN_IN_SERVICE, f"revocation: HTTP {answer.status_code}")
        return True

    def _get(self, url: str) -> bytes:
        answer = self._ask("GET", url)
        if answer.status_code != _OK:
            raise AccountError(Code.SIGN_IN_SERVICE, f"HTTP {answer.status_code}")
        return bytes(answer.content)

    def _ask(self, method: str, url: str, form: str | None = None) -> AWSResponse:
        headers = _JSON if form is None else _FORM
        request = AWSRequest(method, url, headers=dict(headers), data=form.encode() if form else b"").prepare()
        transport = Transport(connections=1, stall_timeout=_STALL_TIMEOUT, way=self._way)
        try:
            answer = transport.send(request)
        except AccountError as exc:
            if exc.code in _NOT_A_PROVIDER:
                raise AccountError(Code.SIGN_IN_SERVICE, exc.detail) from exc
            raise
        finally:
            transport.reset()
        if answer.status_code == _TOO_MANY or answer.status_code >= _SERVER_ERROR:
            seconds = _seconds(answer.headers)
            raise TransientError(Code.SIGN_IN_BUSY, f"HTTP {answer.status_code}", retry_after=seconds)
        return answer


def _seconds(headers: Mapping[str, str]) -> float | None:
    """What Retry-After says, where it is a number."""
    told = headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None
