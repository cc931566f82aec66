"""A rep corrects a wrong secret while the program runs: the same store, registry and announcer go on with it."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, CallError, Code, TransientError
from callup_desktop.engine.ports import Target
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from callup_desktop.services.sqs import SqsAnnouncer
from tests.faults import harms
from tests.faults.mongo_talk import MongoExchange, mongo_talk
from tests.faults.proxy import LOOPBACK, Exchange, Proxy
from tests.services.front import Front, front_of
from tests.services.outside import PlainS3, body_of, some_bytes, target_for
from tests.services.signatures import is_signed_with, key_id_of
from tests.services.test_announcer import refused, task
from tests.services.test_registry import document
from tests.services.test_secrets import GoodKeyring

SMALL = some_bytes(3000)
WRONG = "not-the-secret"


@dataclass(frozen=True)
class Account:
    """A profile whose secrets are in a keyring, where `save` puts them as the connection page does."""

    profile: Profile
    vault: Vault
    secrets: Secrets

    def save(self, **entries: str) -> None:
        for name, value in entries.items():
            self.vault.write(Entry(name), value)


def account_of(profile: Profile) -> Account:
    named = profile.model_copy(update={"credentials": "keyring"})
    vault = Vault(named.name, GoodKeyring())
    return Account(named, vault, open_secrets(named, Path("rep.callup"), vault=vault, environ={}))


@pytest.fixture
def call_id() -> str:
    return str(uuid.uuid4())


# --- S3 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def storage_front(seaweed: PlainS3) -> Iterator[Front]:
    with front_of(seaweed.endpoint) as front:
        yield front


@pytest.fixture
def storage(profile: Profile, sandbox: Running, storage_front: Front) -> Account:
    account = account_of(profile.model_copy(update={"endpoint": storage_front.endpoint}))
    account.save(access_key_id=sandbox.access_key_id, secret_access_key=sandbox.secret_access_key)
    return account


@pytest.fixture
def target(seaweed: PlainS3) -> Target:
    return target_for(SMALL, seaweed.bucket)


def test_a_store_refused_for_its_secret_goes_on_with_the_corrected_one_once_it_is_told(
    storage: Account, sandbox: Running, target: Target
) -> None:
    storage.save(secret_access_key=WRONG)
    store = S3Store(storage.profile, storage.secrets)
    with pytest.raises(AccountError) as at_first:
        store.create(target)
    storage.save(secret_access_key=sandbox.secret_access_key)
    with pytest.raises(AccountError) as not_told:
        store.create(target)

    store.renew_credentials()
    stored = store.put(target, body_of(SMALL))

    assert store.matches(target, stored)
    assert {at_first.value.code, not_told.value.code} == {Code.KEYS_WRONG}


def test_a_part_under_way_arrives_though_the_keys_are_renewed(
    storage: Account, storage_front: Front, target: Target
) -> None:
    store = S3Store(storage.profile, storage.secrets)
    upload_id = store.create(target).upload_id
    with ThreadPoolExecutor(1) as pool:
        with storage_front.delay("UploadPart") as arrived:
            sending = pool.submit(store.upload_part, target, upload_id, 1, body_of(SMALL))
            assert arrived.wait(10)
            store.renew_credentials()
        assert sending.result(timeout=10).size == len(SMALL)

    assert storage_front.count("UploadPart") == 1
    store.abort(target, upload_id)


def test_a_refusal_of_keys_that_were_corrected_meanwhile_is_not_passed_on(
    storage: Account, storage_front: Front, sandbox: Running, target: Target
) -> None:
    storage.save(secret_access_key=WRONG)
    store = S3Store(storage.profile, storage.secrets)
    with ThreadPoolExecutor(1) as pool:
        with storage_front.delay("PutObject") as refusal_is_there:
            sending = pool.submit(store.put, target, body_of(SMALL))
            assert refusal_is_there.wait(10)
            storage.save(secret_access_key=sandbox.secret_access_key)
            store.renew_credentials()
        assert store.matches(target, sending.result(timeout=10))

    assert storage_front.count("PutObject") == 2


# --- MongoDB ----------------------------------------------------------------------------------------------------------


@contextmanager
def registry_behind(proxy: Proxy, guarded: Profile) -> Iterator[MongoRegistry]:
    """The registry of `guarded`, with the right password, behind the proxy."""
    uri = f"mongodb://rep@{LOOPBACK}:{proxy.port}/?directConnection=true"
    account = account_of(guarded.model_copy(update={"mongo_uri": uri}))
    account.save(mongo_password="right")
    registry = MongoRegistry(account.profile, account.secrets, selection_timeout=2)
    try:
        yield registry
    finally:
        registry.reset()


@pytest.fixture
def registry_proxy(guarded: Profile) -> Iterator[Proxy]:
    parts = urlsplit(guarded.mongo_uri)
    with Proxy((LOOPBACK, parts.port or 0), mongo_talk) as proxy:
        yield proxy


def test_a_registry_refused_for_its_password_goes_on_with_the_corrected_one_once_it_is_told(
    guarded: Profile, call_id: str
) -> None:
    account = account_of(guarded)
    account.save(mongo_password="wrong")
    registry = MongoRegistry(account.profile, account.secrets, selection_timeout=0.5)
    with pytest.raises(AccountError) as at_first:
        registry.register(document(call_id))
    account.save(mongo_password="right")
    with pytest.raises(CallError) as not_told:
        registry.register(document(call_id))

    registry.renew_credentials()
    registry.register(document(call_id))

    assert registry.find(call_id)
    assert at_first.value.code is Code.REGISTRY_LOGIN
    # After a refusal pymongo names the server unreachable until its monitor has looked again.
    assert not_told.value.code in {Code.REGISTRY_LOGIN, Code.REGISTRY_UNREACHABLE}
    registry.reset()


def test_a_document_under_way_is_registered_though_the_password_is_renewed(
    guarded: Profile, registry_proxy: Proxy, call_id: str
) -> None:
    with registry_behind(registry_proxy, guarded) as registry:
        registry_proxy.plan.order("register", harms.held_until_lifted)
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(registry.register, document(call_id))
            registry_proxy.plan.wait_met("register")
            registry.renew_credentials()
            assert not registry.find(str(uuid.uuid4())), "the next call does not wait for the one under way"
            registry_proxy.plan.lift()
            writing.result(timeout=10)

        assert registry.find(call_id)
        assert len(registry_proxy.plan.exchanges("register")) == 1


def test_a_refusal_of_a_password_that_was_corrected_meanwhile_does_not_stop_the_account(
    guarded: Profile, registry_proxy: Proxy, call_id: str
) -> None:
    def refused_late(exchange: Exchange) -> None:
        assert isinstance(exchange, MongoExchange)
        exchange.line.proxy.plan.lifted.wait(30)
        exchange.answer({"ok": 0.0, "code": 18, "codeName": "AuthenticationFailed", "errmsg": "secret words"})

    with registry_behind(registry_proxy, guarded) as registry:
        registry_proxy.plan.order("register", refused_late)
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(registry.register, document(call_id))
            registry_proxy.plan.wait_met("register")
            registry.renew_credentials()
            registry_proxy.plan.lift()
            with pytest.raises(TransientError) as caught:
                writing.result(timeout=10)
        registry.register(document(call_id))

        assert caught.value.code is Code.REGISTRY_UNREACHABLE
        assert registry.find(call_id)


# --- SQS --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def queue_front(sandbox: Running) -> Iterator[Front]:
    """A front that refuses keys as AWS does: moto, behind it, takes any."""
    with front_of(sandbox.sqs_endpoint) as front:
        front.answer(
            "SendMessage",
            refused(403, "InvalidClientTokenId"),
            times=99,
            applies=lambda request: key_id_of(request) != sandbox.access_key_id,
        )
        front.answer(
            "SendMessage",
            refused(403, "SignatureDoesNotMatch"),
            times=99,
            applies=lambda request: not is_signed_with(request, sandbox.secret_access_key),
        )
        yield front


@pytest.fixture
def queue(profile: Profile, sandbox: Running, queue_front: Front) -> Account:
    path = urlsplit(profile.queue_url).path
    account = account_of(profile.model_copy(update={"queue_url": queue_front.endpoint + path}))
    account.save(access_key_id=sandbox.access_key_id, secret_access_key=sandbox.secret_access_key)
    return account


def test_an_announcer_refused_for_its_secret_goes_on_with_the_corrected_one_once_it_is_told(
    queue: Account, sandbox: Running, call_id: str
) -> None:
    queue.save(secret_access_key=WRONG)
    announcer = SqsAnnouncer(queue.profile, queue.secrets)
    with pytest.raises(AccountError) as at_first:
        announcer.announce(task(call_id))
    queue.save(secret_access_key=sandbox.secret_access_key)
    with pytest.raises(AccountError) as not_told:
        announcer.announce(task(call_id))

    announcer.renew_credentials()

    assert announcer.announce(task(call_id))
    assert {at_first.value.code, not_told.value.code} == {Code.KEYS_WRONG}


def test_an_announcer_refused_for_its_key_goes_on_with_the_corrected_one_without_showing_the_old_key_again(
    queue: Account, queue_front: Front, sandbox: Running, call_id: str
) -> None:
    queue.save(access_key_id="REVOKEDKEYREVOKED")
    announcer = SqsAnnouncer(queue.profile, queue.secrets)
    with pytest.raises(AccountError) as at_first:
        announcer.announce(task(call_id))
    queue.save(access_key_id=sandbox.access_key_id)
    refusals = queue_front.count("SendMessage")

    announcer.renew_credentials()

    assert announcer.announce(task(call_id))
    assert at_first.value.code is Code.KEYS_REVOKED
    assert queue_front.count("SendMessage") == refusals + 1


def test_a_message_under_way_is_sent_once_though_the_keys_are_renewed(
    queue: Account, queue_front: Front, call_id: str
) -> None:
    announcer = SqsAnnouncer(queue.profile, queue.secrets)
    with ThreadPoolExecutor(1) as pool:
        with queue_front.delay("SendMessage") as arrived:
            sending = pool.submit(announcer.announce, task(call_id))
            assert arrived.wait(10)
            announcer.renew_credentials()
        assert sending.result(timeout=10)

    assert queue_front.count("SendMessage") == 1
