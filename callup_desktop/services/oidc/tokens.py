"""The tokens of whoever signed in by OpenID Connect: brought by the browser, renewed ahead of their end. Any thread.

Every start with such a profile loads this module, so it loads the libraries where somebody signs in or renews.
"""

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import AccountError, CallError, Code
from callup_desktop.engine.ports import SignInOutcome, SignInPages
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault
from callup_desktop.services.way import Way

if TYPE_CHECKING:
    from callup_desktop.services.oidc.protocol import Granted, Metadata, Question
    from callup_desktop.services.oidc.provider import Provider

SIGN_IN_TIMEOUT = 600.0
"""Seconds that a browser may take: a password, a second factor, and the way to the telephone."""
_AHEAD = 60.0
"""Seconds before its end from which a token is renewed; less for one that lives shortly."""
_AHEAD_SHARE = 0.2
_TRY_INTERVAL = 15.0
"""Seconds from a renewal that failed to the next, while the token of before still counts."""
_MOST_SEEN = 32


class SignInEndedError(Exception):
    """Raised where a sign-in ended before the browser brought an answer; everything is as it was."""

    def __init__(self, outcome: SignInOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class _Access:
    """A token for the gateway: from when on it is renewed, and when it ends, as monotonic moments."""

    token: str = field(repr=False)
    renewed_from: float
    ends_at: float


class SignedInTokens:
    """The tokens of one profile that names an issuer. Implements `gateway_tokens.AccessTokens`.

    The refresh token is in the vault, the access token in memory. One thread of all processes renews at a time.
    """

    def __init__(
        self, profile: GatewayProfile, vault: Vault, way: Way, now: Callable[[], float] = time.monotonic
    ) -> None:
        """`profile` names an issuer; `now` are seconds that never go back."""
        self._now = now
        self._issuer = profile.oidc_issuer or ""
        self._client_id = profile.oidc_client_id or ""
        self._scope = profile.oidc_scope or ""
        self._port = profile.oidc_port or 0
        self._vault = vault
        self._way = way
        self._lock = Lock()
        self._renewing = Lock()
        self._access: _Access | None = None
        self._superseded = Event()
        self._seen: deque[str] = deque(maxlen=_MOST_SEEN)
        self._provider_made: Provider | None = None

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"SignedInTokens({self._issuer!r})"

    # --- for the gateway's calls ----------------------------------------------------------------------------------

    def bearer(self) -> str:
        """See AccessTokens; AccountError(SIGN_IN) where nobody is signed in."""
        access = self._access
        if access is not None and self._counts_without_wait(access):
            return access.token
        with self._renewing:
            access = self._access
            if access is not None and self._now() < access.renewed_from:
                return access.token
            try:
                return self._renewed()
            except CallError as exc:
                still = self._later(access) if access is not None and exc.code != Code.SIGN_IN else None
                if still is None:
                    raise
                return still.token

    def renew(self, refused: str) -> None:
        """See AccessTokens."""
        with self._renewing:
            if self._access is None or self._access.token == refused:
                self._access = None
                self._renewed()

    def seen(self) -> tuple[str, ...]:
        """See AccessTokens."""
        with self._lock:
            return tuple(self._seen)

    def _counts_without_wait(self, access: _Access) -> bool:
        """Whether the token is good, though another thread may be about to bring the next."""
        now = self._now()
        return now < access.renewed_from or (now < access.ends_at and self._renewing.locked())

    def _later(self, access: _Access) -> _Access | None:
        """The token of before, where it still counts; it is renewed a little later."""
        now = self._now()
        if now >= access.ends_at:
            return None
        self._access = _Access(access.token, min(now + _TRY_INTERVAL, access.ends_at), access.ends_at)
        return self._access

    def _renewed(self) -> str:
        """Another access token; the refresh token that comes with it is kept before anything is done with either."""
        from callup_desktop.services.oidc.protocol import refresh_body

        with self._vault.one_at_a_time():
            refresh_token = self._vault.read(Entry.REFRESH_TOKEN)
            if refresh_token is None:
                self._access = None
                raise AccountError(Code.SIGN_IN, "nobody is signed in")
            try:
                granted = self._provider().token(refresh_body(self._client_id, refresh_token))
            except AccountError as exc:
                if exc.code == Code.SIGN_IN:
                    self._access = None
                    with suppress(AccountError):
                        self._vault.forget(Entry.REFRESH_TOKEN)
                raise
            self._take(granted, refresh_token)
        return granted.access_token

    def _take(self, granted: "Granted", earlier: str = "") -> bool:
        """Keep what was granted; whether it outlasts this run."""
        self._note(granted.access_token)
        lasts = bool(earlier)
        if granted.refresh_token and granted.refresh_token != earlier:
            lasts = self._vault.exchange(Entry.REFRESH_TOKEN, granted.refresh_token)
        now = self._now()
        ahead = min(_AHEAD, granted.lifetime * _AHEAD_SHARE)
        self._access = _Access(granted.access_token, now + granted.lifetime - ahead, now + granted.lifetime)
        return lasts

    # --- for people -----------------------------------------------------------------------------------------------

    def is_signed_in(self) -> bool:
        """Whether somebody has signed in, as far as this computer knows; raises AccountError as the vault does."""
        return self._access is not None or self._vault.read(Entry.REFRESH_TOKEN) is not None

    def sign_in(
        self,
        open_page: Callable[[str], None],
        pages: SignInPages,
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
        timeout: float = SIGN_IN_TIMEOUT,
    ) -> bool:
        """Let somebody sign in at the page that `open_page` shows; whether that outlasts this run. Blocks.

        Raises SignInEndedError, and CallError. One that waits already is cancelled by this one.
        """
        from callup_desktop.services.oidc.loopback import Receiver
        from callup_desktop.services.oidc.protocol import DEFAULT_SCOPE, Question, authorization_url

        superseded = self._supersede()
        provider, question = self._provider(), Question()
        self._note(question.state, question.nonce, question.verifier)
        metadata = provider.metadata()
        try:
            receiver = Receiver(question.fits, self._port)
        except OSError as exc:
            raise AccountError(Code.SIGN_IN_SERVICE, f"port {self._port} is not free for the answer") from exc
        with receiver:
            address = receiver.address
            open_page(authorization_url(metadata, self._client_id, self._scope or DEFAULT_SCOPE, question, address))
            query = receiver.wait(timeout, lambda: superseded.is_set() or is_cancelled())
            if query is None:
                given_up = superseded.is_set() or is_cancelled()
                raise SignInEndedError(SignInOutcome.CANCELLED if given_up else SignInOutcome.TIMED_OUT)
            try:
                lasts = self._take_answer(query, metadata, question, address)
            except CallError:
                receiver.show(pages.failed)
                raise
            receiver.show(pages.done)
            return lasts

    def forget(self) -> str | None:
        """Forget who signed in, and return the refresh token for `revoke`; raises CallError as the vault does."""
        self._supersede()
        with self._renewing, self._vault.one_at_a_time():
            refresh_token = self._vault.read(Entry.REFRESH_TOKEN)
            self._access = None
            self._vault.forget(Entry.REFRESH_TOKEN)
        return refresh_token

    def revoke(self, refresh_token: str) -> bool:
        """Have the provider end what the token stands for; whether it has a place for that. Raises CallError."""
        return self._provider().revoke(refresh_token)

    def _take_answer(self, query: str, metadata: "Metadata", question: "Question", address: str) -> bool:
        from callup_desktop.services.oidc.protocol import check_id_token, code_body, code_in

        provider = self._provider()
        code = code_in(query, metadata, question)
        self._note(code)
        granted = provider.token(code_body(self._client_id, code, question, address))
        self._note(granted.access_token, granted.refresh_token, granted.id_token)
        check_id_token(granted.id_token, provider.keys(), metadata, self._client_id, question)
        with self._renewing, self._vault.one_at_a_time():
            if not granted.refresh_token:
                # One of another person must not be renewed in its place.
                self._vault.forget(Entry.REFRESH_TOKEN)
            return self._take(granted)

    def _supersede(self) -> Event:
        """End the sign-in that waits; what ends the next."""
        with self._lock:
            self._superseded.set()
            self._superseded = Event()
            return self._superseded

    def _note(self, *values: str) -> None:
        with self._lock:
            self._seen.extend(filter(None, values))

    def _provider(self) -> "Provider":
        from callup_desktop.services.oidc.provider import Provider

        with self._lock:
            if self._provider_made is None:
                self._provider_made = Provider(self._issuer, self._client_id, self._way)
            return self._provider_made
