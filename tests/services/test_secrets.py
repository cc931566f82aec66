"""Where keys and passwords come from, over keyrings that behave well, are locked, refuse, or are not there."""

import json
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from callup_desktop.choice import MONGO_PASSWORD_VARIABLE
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import (
    LONGEST_SECRET,
    Secrets,
    SecretTooLongError,
    Vault,
    open_secrets,
)

SECRET = "very-secret-value"


class GoodKeyring(KeyringBackend):
    """A keyring in memory."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class PlainTextKeyring(GoodKeyring):
    """Keeps what it is given where everybody can read it, and says so by its priority."""

    priority = 0.5


class LockedKeyring(GoodKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"locked: {service}, {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"locked: {service}, {username}, {password}")


class ForbiddenKeyring(GoodKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"not allowed: {service}, {username}, {password}")


@pytest.fixture
def acme(profile: Profile) -> Profile:
    return profile.model_copy(update={"name": "Acme", "credentials": "keyring"})


def secrets_over(backend: KeyringBackend, profile: Profile) -> tuple[Vault, Secrets]:
    vault = Vault(profile.name, backend)
    return vault, open_secrets(profile, Path("acme.callup"), vault=vault, environ={})


def keys_of(secrets: Secrets) -> tuple[str, str, str | None]:
    found = secrets.session().get_credentials()
    assert found is not None
    frozen = found.get_frozen_credentials()
    return str(frozen.access_key), str(frozen.secret_key), frozen.token


def test_keys_kept_in_the_keyring_are_there_in_the_next_run(acme: Profile) -> None:
    backend = GoodKeyring()
    vault, _ = secrets_over(backend, acme)
    vault.write(Entry.ACCESS_KEY_ID, "AKIA")
    vault.write(Entry.SECRET_ACCESS_KEY, SECRET)
    vault.write(Entry.MONGO_PASSWORD, "mongo")

    _, next_run = secrets_over(backend, acme)

    assert keys_of(next_run) == ("AKIA", SECRET, None)
    assert next_run.mongo_password() == "mongo"
    assert not next_run.kept_in_memory
    assert {service for service, _ in backend.entries} == {"callup-desktop/Acme"}


def test_a_session_token_ends_with_the_run(acme: Profile) -> None:
    backend = GoodKeyring()
    vault, secrets = secrets_over(backend, acme)
    vault.write(Entry.ACCESS_KEY_ID, "ASIA")
    vault.write(Entry.SECRET_ACCESS_KEY, SECRET)
    vault.write(Entry.SESSION_TOKEN, "t" * 5000)

    assert keys_of(secrets) == ("ASIA", SECRET, "t" * 5000)
    assert not vault.kept_in_memory, "a token is meant to be kept so"
    assert keys_of(secrets_over(backend, acme)[1]) == ("ASIA", SECRET, None)


@pytest.mark.parametrize("backend", [PlainTextKeyring(), ForbiddenKeyring()], ids=["plain text", "forbidden"])
def test_without_a_keyring_keys_live_for_this_run_and_that_is_told(backend: GoodKeyring, acme: Profile) -> None:
    vault, secrets = secrets_over(backend, acme)

    vault.write(Entry.ACCESS_KEY_ID, "AKIA")
    vault.write(Entry.SECRET_ACCESS_KEY, SECRET)

    assert keys_of(secrets) == ("AKIA", SECRET, None)
    assert secrets.kept_in_memory
    assert backend.entries == {}


def test_a_locked_keyring_is_for_the_account_and_nothing_is_lost(acme: Profile) -> None:
    vault, secrets = secrets_over(LockedKeyring(), acme)

    with pytest.raises(AccountError) as on_read:
        secrets.session()
    with pytest.raises(AccountError) as on_write:
        vault.write(Entry.MONGO_PASSWORD, SECRET)

    assert {on_read.value.code, on_write.value.code} == {Code.KEYRING_LOCKED}
    assert SECRET not in str(on_write.value)


def test_a_keyring_without_keys_is_told(acme: Profile) -> None:
    _, secrets = secrets_over(GoodKeyring(), acme)

    with pytest.raises(AccountError) as caught:
        secrets.session()

    assert caught.value.code is Code.NO_CREDENTIALS
    assert secrets.mongo_password() is None


def test_a_value_that_windows_would_cut_is_refused_without_repeating_it(acme: Profile) -> None:
    backend = GoodKeyring()
    vault, _ = secrets_over(backend, acme)
    vault.write(Entry.MONGO_PASSWORD, "x" * LONGEST_SECRET)

    with pytest.raises(SecretTooLongError) as caught:
        vault.write(Entry.MONGO_PASSWORD, "y" * (LONGEST_SECRET + 1))

    assert caught.value.entry is Entry.MONGO_PASSWORD
    assert "yyy" not in str(caught.value)
    assert vault.read(Entry.MONGO_PASSWORD) == "x" * LONGEST_SECRET


def test_forgetting_removes_every_entry(acme: Profile) -> None:
    backend = GoodKeyring()
    vault, _ = secrets_over(backend, acme)
    vault.write(Entry.ACCESS_KEY_ID, "AKIA")
    vault.write(Entry.SESSION_TOKEN, "token")

    vault.forget()

    assert backend.entries == {}
    assert vault.read(Entry.SESSION_TOKEN) is None


def test_automation_gives_the_password_in_the_environment(acme: Profile) -> None:
    vault = Vault(acme.name, GoodKeyring())
    vault.write(Entry.MONGO_PASSWORD, "from the keyring")
    environ = {MONGO_PASSWORD_VARIABLE: "from the environment"}

    for kind in ("keyring", "aws", "sandbox"):
        profile = acme.model_copy(update={"credentials": kind})
        secrets = open_secrets(profile, Path("acme.callup"), vault=vault, environ=environ)
        assert secrets.mongo_password() == "from the environment"


def test_the_sandbox_reads_its_keys_beside_its_profile(tmp_path: Path, acme: Profile) -> None:
    sandbox = acme.model_copy(update={"credentials": "sandbox"})
    secrets = open_secrets(sandbox, tmp_path / "sandbox.callup", environ={})
    with pytest.raises(AccountError) as caught:
        secrets.session()
    (tmp_path / "keys.json").write_text(json.dumps({"access_key_id": "SANDBOX", "secret_access_key": SECRET}))

    assert caught.value.code is Code.NO_CREDENTIALS
    assert keys_of(secrets) == ("SANDBOX", SECRET, None)


def test_keys_of_the_keyring_do_not_care_for_a_broken_aws_configuration(
    acme: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    vault, secrets = secrets_over(GoodKeyring(), acme)
    vault.write(Entry.ACCESS_KEY_ID, "AKIA")
    vault.write(Entry.SECRET_ACCESS_KEY, SECRET)

    assert keys_of(secrets) == ("AKIA", SECRET, None)


@pytest.fixture
def aws_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No AWS configuration but what the test writes."""
    for variable in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


def test_the_aws_chain_is_asked_anew_each_time(aws_home: Path, acme: Profile) -> None:
    named = acme.model_copy(update={"credentials": "aws", "aws_profile": "work"})
    secrets = open_secrets(named, Path("acme.callup"), vault=Vault("Acme", GoodKeyring()), environ={})
    file = aws_home / "credentials"

    file.write_text("[work]\naws_access_key_id = ASIA1\naws_secret_access_key = s1\naws_session_token = t1\n")
    before = keys_of(secrets)
    file.write_text("[work]\naws_access_key_id = ASIA2\naws_secret_access_key = s2\naws_session_token = t2\n")

    assert before == ("ASIA1", "s1", "t1")
    assert keys_of(secrets) == ("ASIA2", "s2", "t2")


@pytest.mark.usefixtures("aws_home")
@pytest.mark.parametrize("aws_profile", [None, "not-there"])
def test_an_aws_chain_without_keys_is_told(aws_profile: str | None, acme: Profile) -> None:
    profile = acme.model_copy(update={"credentials": "aws", "aws_profile": aws_profile})
    secrets = open_secrets(profile, Path("acme.callup"), vault=Vault("Acme", GoodKeyring()), environ={})

    with pytest.raises(AccountError) as caught:
        secrets.session()

    assert caught.value.code is Code.NO_CREDENTIALS


def test_no_secret_is_in_a_repr(tmp_path: Path, acme: Profile) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"access_key_id": "SANDBOX", "secret_access_key": SECRET}))
    vault = Vault("Acme", PlainTextKeyring())
    vault.write(Entry.SECRET_ACCESS_KEY, SECRET)

    for kind in ("keyring", "aws", "sandbox"):
        profile = acme.model_copy(update={"credentials": kind})
        secrets = open_secrets(profile, tmp_path / "x.callup", vault=vault, environ={MONGO_PASSWORD_VARIABLE: SECRET})
        assert SECRET not in repr(secrets) + repr(vault)
