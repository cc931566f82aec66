"""A locked keyring asks the rep once, however many services want a key at that moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from keyring.errors import KeyringLocked

from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault
from tests.services.test_secrets import GoodKeyring


class PromptingKeyring(GoodKeyring):
    """Shows a prompt at each question; the rep closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.prompts = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.prompts += 1
        raise KeyringLocked(f"dismissed: {service} {username}")


def code_of(vault: Vault, entry: Entry) -> Code:
    with pytest.raises(AccountError) as raised:
        vault.read(entry)
    return raised.value.code


def test_three_services_that_want_keys_at_once_bring_one_prompt() -> None:
    backend = PromptingKeyring()
    vault = Vault("owner", backend)
    entries = [Entry.ACCESS_KEY_ID, Entry.SECRET_ACCESS_KEY, Entry.MONGO_PASSWORD] * 4
    with ThreadPoolExecutor(len(entries)) as pool:
        codes = set(pool.map(lambda entry: code_of(vault, entry), entries))

    assert codes == {Code.KEYRING_LOCKED}
    assert backend.prompts == 1


def test_somebody_who_acts_is_asked_again() -> None:
    backend = PromptingKeyring()
    vault = Vault("owner", backend)
    code_of(vault, Entry.MONGO_PASSWORD)
    vault.ask_again()
    code_of(vault, Entry.MONGO_PASSWORD)

    assert backend.prompts == 2
