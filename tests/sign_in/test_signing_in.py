"""A rep signs in, tokens run out and are renewed, grants end: against a certified provider, by real browsers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked, PasswordSetError

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import AccountError, Code, TransientError
from callup_desktop.engine.ports import SignInOutcome
from callup_desktop.gateway.callers import OidcIssuer
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.services.gateway_tokens import open_gateway_secrets
from callup_desktop.services.oidc.tokens import SignedInTokens
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault
from callup_desktop.services.sign_in import SignInService
from callup_desktop.services.way import Way
from tests.services.test_secrets import GoodKeyring
from tests.sign_in.browsers import BROWSERS, OpenPage
from tests.sign_in.conftest import PAGES, Computer, SignIn, profile_of
from tests.sign_in.real_provider import AUDIENCE, RealProvider, real_provider

RENEWED = {"granted": "refresh_token"}


@pytest.fixture(params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> AbstractContextManager[tuple[OpenPage, list[str]]]:
    return BROWSERS[request.param]()


@pytest.fixture
def own_provider() -> Iterator[RealProvider]:
    """One that the test may end."""
    with real_provider() as running:
        yield running


def refusal_of(tokens: SignedInTokens) -> str:
    with pytest.raises(AccountError) as refused:
        tokens.bearer()
    return refused.value.code


def sign_out(tokens: SignedInTokens) -> SignInOutcome:
    return SignInService(tokens, str).sign_out().outcome


def test_a_rep_signs_in_with_the_browser_and_the_gateway_takes_the_token(
    provider: RealProvider, computer: Computer, browser: AbstractContextManager[tuple[OpenPage, list[str]]]
) -> None:
    tokens = computer.program()
    assert refusal_of(tokens) == Code.SIGN_IN

    with browser as (open_page, shown):
        lasts = tokens.sign_in(open_page, PAGES, timeout=90)

    gateway = OidcIssuer(
        GatewaySettings(
            profile=Path("acme.callup"),
            oidc_issuer=provider.issuer,
            oidc_audience=AUDIENCE,
            oidc_jwks_url=f"{provider.issuer}/jwks",
        )
    )
    assert lasts
    assert "You can close this page." in shown[0]
    assert "calls:send" in gateway.caller_of(tokens.bearer()).roles
    assert tokens.bearer() not in computer.keyring.entries.values()


def test_the_next_start_goes_on_without_a_browser(computer: Computer, sign_in: SignIn) -> None:
    sign_in(computer.program())

    assert computer.program().bearer()


def test_a_token_is_renewed_ahead_of_its_end_and_the_new_refresh_token_is_kept(
    computer: Computer, sign_in: SignIn
) -> None:
    tokens = computer.program()
    sign_in(tokens)
    first, kept = tokens.bearer(), computer.refresh_token

    computer.seconds += 3500
    assert tokens.bearer() == first
    computer.seconds += 50

    assert tokens.bearer() != first
    assert computer.refresh_token not in {None, kept}


def test_many_calls_that_are_refused_at_once_renew_once(
    provider: RealProvider, computer: Computer, sign_in: SignIn
) -> None:
    tokens = computer.program()
    sign_in(tokens)
    refused, before = tokens.bearer(), provider.count(**RENEWED)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(tokens.renew, [refused] * 16))
        bearers = set(pool.map(lambda _: tokens.bearer(), range(16)))

    assert len(bearers - {refused}) == 1
    provider.wait_for(**RENEWED)
    assert provider.count(**RENEWED) == before + 1


def test_programs_of_one_rep_never_use_the_same_refresh_token_twice(
    provider: RealProvider, computer: Computer, sign_in: SignIn
) -> None:
    """A provider that sees one twice ends the grant, so that everybody has to sign in again."""
    sign_in(computer.program())
    refused = provider.count(refused="refresh_token")

    with ThreadPoolExecutor(6) as pool:
        bearers = list(pool.map(lambda tokens: tokens.bearer(), [computer.program() for _ in range(6)]))

    assert len(set(bearers)) == 6
    assert provider.count(refused="refresh_token") == refused
    assert computer.program().bearer()


def test_a_grant_that_ended_is_a_sign_out_and_signing_in_again_goes_on(computer: Computer, sign_in: SignIn) -> None:
    tokens, other = computer.program(), computer.program()
    sign_in(tokens)
    held = computer.refresh_token
    assert sign_out(other) is SignInOutcome.SIGNED_OUT
    computer.keyring.set_password(f"callup-desktop/{computer.profile.identity[:32]}", Entry.REFRESH_TOKEN, str(held))

    with pytest.raises(AccountError) as ended:
        tokens.renew(tokens.bearer())
    assert ended.value.code == Code.SIGN_IN
    assert computer.refresh_token is None
    assert refusal_of(tokens) == Code.SIGN_IN

    sign_in(other)
    assert tokens.bearer()


def test_a_provider_that_cannot_be_reached_signs_nobody_out(
    own_provider: RealProvider, tmp_path: Path, sign_in: SignIn
) -> None:
    computer = Computer(profile_of(own_provider.issuer), tmp_path / "lock")
    tokens = computer.program()
    sign_in(tokens)
    token, kept = tokens.bearer(), computer.refresh_token
    own_provider.end()

    computer.seconds += 3590
    assert tokens.bearer() == token
    computer.seconds += 60
    with pytest.raises(TransientError) as unreachable:
        tokens.bearer()

    assert unreachable.value.code == Code.CONNECTION
    assert computer.refresh_token == kept
    assert tokens.is_signed_in()


class SmallKeyring(GoodKeyring):
    """Takes no more than Windows does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 60:
            raise PasswordSetError("The stub received bad data.")
        super().set_password(service, username, password)


class FullKeyring(GoodKeyring):
    """Is locked once it holds something."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.entries:
            raise KeyringLocked("locked")
        super().set_password(service, username, password)


def test_a_refresh_token_that_the_keyring_does_not_take_lives_as_long_as_the_program(
    computer: Computer, sign_in: SignIn
) -> None:
    computer.keyring = SmallKeyring()
    tokens = computer.program()

    assert not sign_in(tokens)
    tokens.renew(tokens.bearer())

    assert tokens.bearer()
    assert not computer.keyring.entries
    assert refusal_of(computer.program()) == Code.SIGN_IN


def test_a_keyring_that_locks_loses_no_exchanged_token(computer: Computer, sign_in: SignIn) -> None:
    computer.keyring = FullKeyring()
    tokens = computer.program()
    assert sign_in(tokens)

    for _ in range(3):
        tokens.renew(tokens.bearer())

    assert tokens.bearer()
    assert not computer.keyring.entries


def test_signing_out_ends_the_grant_at_the_provider_and_forgets_it_here(computer: Computer, sign_in: SignIn) -> None:
    tokens = computer.program()
    sign_in(tokens)
    held = str(computer.refresh_token)

    assert sign_out(tokens) is SignInOutcome.SIGNED_OUT

    assert computer.refresh_token is None
    assert refusal_of(tokens) == Code.SIGN_IN
    assert not tokens.is_signed_in()
    vault = Vault(computer.profile.identity, GoodKeyring())
    vault.write(Entry.REFRESH_TOKEN, held)
    assert refusal_of(SignedInTokens(computer.profile, vault, Way())) == Code.SIGN_IN


def test_signing_out_forgets_though_the_provider_is_gone(
    own_provider: RealProvider, tmp_path: Path, sign_in: SignIn
) -> None:
    computer = Computer(profile_of(own_provider.issuer), tmp_path / "lock")
    tokens = computer.program()
    sign_in(tokens)
    own_provider.end()

    assert sign_out(tokens) is SignInOutcome.SIGNED_OUT_HERE
    assert computer.refresh_token is None


def test_a_token_of_the_environment_needs_no_sign_in(computer: Computer) -> None:
    vault = Vault(computer.profile.identity, computer.keyring)
    secrets = open_gateway_secrets(computer.profile, vault, {"CALLUP_GATEWAY_TOKEN": "robot"})

    assert secrets.tokens.bearer() == "robot"


def test_a_rep_who_says_no_is_not_signed_in(computer: Computer) -> None:
    tokens = computer.program()
    shown: list[str] = []
    with BROWSERS["a plain client"]() as (open_page, _shown), pytest.raises(AccountError) as denied:
        tokens.sign_in(lambda url: open_page(url.replace("calls%3Asend", "no%3Asuch") + "&prompt=none"), PAGES)

    assert denied.value.code in {Code.SIGN_IN_DENIED, Code.SIGN_IN}
    assert not shown
    assert refusal_of(tokens) == Code.SIGN_IN


def test_the_profile_of_another_issuer_gets_no_token_of_this_one(computer: Computer, sign_in: SignIn) -> None:
    sign_in(computer.program())
    other: GatewayProfile = profile_of("https://id.evil.test")

    assert Vault(other.identity, computer.keyring).read(Entry.REFRESH_TOKEN) is None
