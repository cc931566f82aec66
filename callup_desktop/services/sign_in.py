"""Signing in and out for one gateway, with every ending as a result. Any thread; it blocks, also for a person."""

from collections.abc import Callable
from dataclasses import dataclass

from callup_desktop.engine.errors import CallError
from callup_desktop.engine.ports import SignInOutcome, SignInPages, SignInResult
from callup_desktop.services.gateway_tokens import AnySecrets, GatewaySecrets
from callup_desktop.services.oidc.tokens import SignedInTokens, SignInEndedError


@dataclass(frozen=True, slots=True)
class SignInService:
    """Implements `presentation.sign_in.SignInWork`; `redact` takes the secrets out of what IT reads."""

    tokens: SignedInTokens
    redact: Callable[[str], str]

    def is_signed_in(self) -> bool:
        """Whether somebody has signed in, as far as this computer knows; raises CallError."""
        return self.tokens.is_signed_in()

    def sign_in(
        self, open_page: Callable[[str], None], pages: SignInPages, is_cancelled: Callable[[], bool]
    ) -> SignInResult:
        """Let somebody sign in at the page that `open_page` shows, until that ends or is cancelled."""
        try:
            lasts = self.tokens.sign_in(open_page, pages, is_cancelled=is_cancelled)
        except SignInEndedError as exc:
            return SignInResult(exc.outcome)
        except CallError as exc:
            return self._failed(SignInOutcome.FAILED, exc)
        return SignInResult(SignInOutcome.SIGNED_IN if lasts else SignInOutcome.SIGNED_IN_FOR_NOW)

    def sign_out(self) -> SignInResult:
        """Forget who signed in, here and at the provider."""
        try:
            refresh_token = self.tokens.forget()
        except CallError as exc:
            return self._failed(SignInOutcome.FAILED, exc)
        try:
            ended = refresh_token is None or self.tokens.revoke(refresh_token)
        except CallError as exc:
            return self._failed(SignInOutcome.SIGNED_OUT_HERE, exc)
        return SignInResult(SignInOutcome.SIGNED_OUT if ended else SignInOutcome.SIGNED_OUT_HERE)

    def _failed(self, outcome: SignInOutcome, exc: CallError) -> SignInResult:
        return SignInResult(outcome, exc.code, exc.params, self.redact(exc.detail))


def sign_in_of(secrets: AnySecrets, redact: Callable[[str], str]) -> SignInService | None:
    """Signing in with these secrets; None where nobody does."""
    tokens = secrets.tokens if isinstance(secrets, GatewaySecrets) else None
    return SignInService(tokens, redact) if isinstance(tokens, SignedInTokens) else None
