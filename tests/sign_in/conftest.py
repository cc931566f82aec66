"""A provider for the whole run, and a rep's computer that signs in to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.ports import SignInPage, SignInPages
from callup_desktop.services.oidc.tokens import SignedInTokens
from callup_desktop.services.secrets import Vault
from callup_desktop.services.way import Way
from tests.services.test_secrets import GoodKeyring
from tests.sign_in.browsers import plain_browser
from tests.sign_in.real_provider import CLIENT_ID, RealProvider, real_provider

PAGES = SignInPages(
    SignInPage("Signed in", "You can close this page."), SignInPage("Not signed in", "Go back to CallUp.")
)


@pytest.fixture(scope="session")
def provider() -> Iterator[RealProvider]:
    with real_provider() as running:
        yield running


def profile_of(issuer: str) -> GatewayProfile:
    return GatewayProfile(
        name="Acme Sales",
        gateway="https://calls.acme.test",
        oidc_issuer=issuer,
        oidc_client_id=CLIENT_ID,
        oidc_scope="openid offline_access calls:send",
    )


@dataclass
class Computer:
    """One rep's: its keyring, and the hands of its clock. Each `program` is another process of the rep."""

    profile: GatewayProfile
    lock: Path
    keyring: GoodKeyring = field(default_factory=GoodKeyring)
    seconds: float = 0.0

    def program(self) -> SignedInTokens:
        vault = Vault(self.profile.identity, self.keyring, lock=self.lock)
        return SignedInTokens(self.profile, vault, Way(), lambda: self.seconds)

    @property
    def refresh_token(self) -> str | None:
        return next(iter(self.keyring.entries.values()), None)


@pytest.fixture
def computer(provider: RealProvider, tmp_path: Path) -> Computer:
    return Computer(profile_of(provider.issuer), tmp_path / "sign-in.lock")


SignIn = Callable[[SignedInTokens], bool]


@pytest.fixture
def sign_in() -> Iterator[SignIn]:
    """Signs in by the plain client."""
    with plain_browser() as (open_page, _shown):
        yield lambda tokens: tokens.sign_in(open_page, PAGES)
