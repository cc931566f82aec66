"""The static token of a gateway: where it comes from, and what a refusal means."""

import pytest

from callup_desktop.choice import GATEWAY_TOKEN_VARIABLE
from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.gateway_tokens import StaticTokens, open_gateway_secrets
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault, known_secrets
from tests.services.test_secrets import GoodKeyring


@pytest.fixture
def vault() -> Vault:
    return Vault("acme", GoodKeyring())


def test_no_token_is_for_the_rep(vault: Vault) -> None:
    with pytest.raises(AccountError) as raised:
        StaticTokens(vault, {}).bearer()
    assert raised.value.code is Code.TOKEN_MISSING


def test_a_token_that_is_typed_counts_at_once(vault: Vault) -> None:
    tokens = StaticTokens(vault, {})
    vault.write(Entry.GATEWAY_TOKEN, " typed ")
    assert tokens.bearer() == "typed"


def test_automation_has_its_token_in_the_environment(vault: Vault) -> None:
    vault.write(Entry.GATEWAY_TOKEN, "typed")
    assert StaticTokens(vault, {GATEWAY_TOKEN_VARIABLE: "given"}).bearer() == "given"


def test_a_refused_token_is_read_again_before_anybody_is_asked(vault: Vault) -> None:
    tokens = StaticTokens(vault, {})
    vault.write(Entry.GATEWAY_TOKEN, "old")
    with pytest.raises(AccountError) as raised:
        tokens.renew("old")
    assert raised.value.code is Code.TOKEN_REFUSED

    vault.write(Entry.GATEWAY_TOKEN, "new")
    tokens.renew("old")
    assert tokens.bearer() == "new"


def test_no_writer_lets_the_token_out(vault: Vault) -> None:
    profile = GatewayProfile(name="Acme", gateway="https://calls.acme.com")
    vault.write(Entry.GATEWAY_TOKEN, "typed")
    environ = {GATEWAY_TOKEN_VARIABLE: "given"}
    secrets = open_gateway_secrets(profile, vault, environ)
    assert secrets.tokens.bearer() == "given"

    assert {"typed", "given"} <= set(known_secrets(vault, secrets, environ)())
    assert "given" not in repr(secrets)
