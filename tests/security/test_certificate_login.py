"""A registry that knows its clients by their certificates, and one that takes a password by SCRAM-SHA-256 only."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from secantus import SecantusDBServer

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from tests.services.certificates import Authority
from tests.services.test_secrets import GoodKeyring

KEY_PASSWORD = "opens the key"
SUBJECT = "CN=rep,O=Acme Inspection,C=DE"


@dataclass(frozen=True)
class Guarded:
    """A server that wants TLS and a certificate of its authority."""

    authority: Authority
    profile: Profile
    port: int

    def profile_with(self, file: Path) -> Profile:
        options = f"tls=true&directConnection=true&authMechanism=MONGODB-X509&tlsCertificateKeyFile={file}"
        uri = f"mongodb://127.0.0.1:{self.port}/?{options}"
        return Profile.model_validate(
            {
                **self.profile.model_dump(exclude_unset=True),
                "credentials": "keyring",
                "mongo_uri": uri,
                "authority": self.authority.root.read_text(),
            }
        )


@pytest.fixture
def guarded(tmp_path: Path, profile: Profile) -> Iterator[Guarded]:
    authority = Authority(tmp_path)
    authority.vouched("127.0.0.1")
    storage = str(tmp_path / "mongo")
    with_door_open = SecantusDBServer(storage_path=storage, cache_size="64M")
    with_door_open.start()
    with MongoClient[dict[str, Any]](with_door_open.uri) as client:
        roles = [{"role": "readWrite", "db": profile.database}]
        client["$external"].command("createUser", SUBJECT, mechanisms=["MONGODB-X509"], roles=roles)
    with_door_open.stop()
    server = SecantusDBServer(
        storage_path=storage,
        cache_size="64M",
        require_auth=True,
        tls_cert_file=str(tmp_path / "127.0.0.1.pem"),
        tls_key_file=str(tmp_path / "127.0.0.1.pem"),
        tls_ca_file=str(authority.root),
        tls_require_client_cert=True,
    )
    server.start()
    yield Guarded(authority, profile, server.address[1])
    server.stop()


def signed_in(profile: Profile, vault: Vault) -> bool:
    registry = MongoRegistry(profile, secrets_of(profile, vault), selection_timeout=5)
    try:
        return registry.find("no such call") is False
    finally:
        registry.reset()


def secrets_of(profile: Profile, vault: Vault) -> Secrets:
    return open_secrets(profile, Path("acme.callup"), vault=vault, environ={})


def test_a_certificate_signs_in_and_no_password_is_asked_for(guarded: Guarded) -> None:
    profile = guarded.profile_with(guarded.authority.of_client("rep"))

    assert signed_in(profile, Vault(profile.identity, GoodKeyring()))


def test_a_key_with_a_password_opens_with_that_of_the_keyring(guarded: Guarded) -> None:
    profile = guarded.profile_with(guarded.authority.of_client("rep", password=KEY_PASSWORD))
    vault = Vault(profile.identity, GoodKeyring())
    vault.write(Entry.MONGO_KEY_PASSWORD, KEY_PASSWORD)

    assert signed_in(profile, vault)


@pytest.mark.parametrize("kept", ["", "another"])
def test_a_key_that_does_not_open_is_told_and_no_terminal_is_asked(
    guarded: Guarded, capfd: pytest.CaptureFixture[str], kept: str
) -> None:
    profile = guarded.profile_with(guarded.authority.of_client("rep", password=KEY_PASSWORD))
    vault = Vault(profile.identity, GoodKeyring())
    if kept:
        vault.write(Entry.MONGO_KEY_PASSWORD, kept)
    with pytest.raises(AccountError) as refused:
        signed_in(profile, vault)

    assert refused.value.code is Code.REGISTRY_DENIED
    assert "pass phrase" not in "".join(capfd.readouterr())


def test_a_certificate_of_somebody_else_signs_nobody_in(
    guarded: Guarded, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="secantus.server")
    stranger = guarded.profile_with(guarded.authority.of_client("stranger"))
    with pytest.raises(AccountError) as refused:
        signed_in(stranger, Vault(stranger.identity, GoodKeyring()))
    assert refused.value.code is Code.REGISTRY_LOGIN

    (tmp_path / "evil").mkdir()
    forged = guarded.profile_with(Authority(tmp_path / "evil").of_client("rep"))
    with pytest.raises(AccountError) as refused:
        signed_in(forged, Vault(forged.identity, GoodKeyring()))
    assert refused.value.code is Code.REGISTRY_UNTRUSTED


@pytest.mark.parametrize(("password", "enters"), [("right", True), ("wrong", False)])
def test_a_password_signs_in_by_scram_sha_256(guarded_by_password: Profile, password: str, *, enters: bool) -> None:
    uri = f"{guarded_by_password.mongo_uri}&authMechanism=SCRAM-SHA-256&authSource=admin"
    profile = Profile.model_validate({**guarded_by_password.model_dump(exclude_unset=True), "mongo_uri": uri})
    vault = Vault(profile.identity, GoodKeyring())
    vault.write(Entry.MONGO_PASSWORD, password)
    profile = profile.model_copy(update={"credentials": "keyring"})
    if enters:
        assert signed_in(profile, vault)
        return
    with pytest.raises(AccountError) as refused:
        signed_in(profile, vault)
    assert refused.value.code is Code.REGISTRY_LOGIN
