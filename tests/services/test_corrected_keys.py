"""Calls wait because a secret is wrong; the rep corrects it on the connection page: the queue goes on by itself.

Every wait of the engine takes ten minutes here, so that only the corrected secret can be what lets a call go on.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.secret_entry import Entry
from tests.cli.console import wav
from tests.faults.laptop import Laptop
from tests.faults.test_network import TenMinutes
from tests.services.front import Front, front_of
from tests.services.signatures import is_signed_with
from tests.services.test_announcer import refused
from tests.services.test_renewal import WRONG, Account, account_of

QUEUES_OWN = "the-queues-own-secret"
SECONDS = 15.0
"""Seconds within which a corrected secret counts; a try takes a fraction of one."""


def waiting_laptop(folder: Path, account: Account) -> Laptop:
    return Laptop(folder, account.profile, account.secrets, backoff=TenMinutes(), patience=10.0)


def with_mongo(profile: Profile, guarded: Profile) -> Profile:
    return profile.model_copy(update={"mongo_uri": guarded.mongo_uri})


def correct(laptop: Laptop, account: Account, entry: Entry, value: str) -> None:
    """What the connection page does when Save is pressed."""
    account.vault.write(entry, value)
    laptop.engine.renew_credentials()


@pytest.fixture
def account(profile: Profile, sandbox: Running, guarded: Profile) -> Account:
    made = account_of(with_mongo(profile, guarded))
    made.save(
        access_key_id=sandbox.access_key_id,
        secret_access_key=sandbox.secret_access_key,
        mongo_password="right",
    )
    return made


@pytest.mark.usefixtures("seaweed")
def test_the_right_storage_key_lets_waiting_calls_go_on_within_seconds(
    account: Account, sandbox: Running, tmp_path: Path
) -> None:
    account.save(secret_access_key=WRONG)
    with waiting_laptop(tmp_path, account) as laptop:
        calls = [laptop.send(wav(tmp_path / f"{number}.wav", seed=number)) for number in range(3)]
        laptop.until(lambda: laptop.blocked_by() == "keys_wrong")

        correct(laptop, account, Entry.SECRET_ACCESS_KEY, sandbox.secret_access_key)

        laptop.until_sent(*calls, within=SECONDS)
        assert laptop.blocked_by() == ""


def test_the_right_registry_password_lets_stored_calls_be_registered_within_seconds(
    account: Account, tmp_path: Path
) -> None:
    account.save(mongo_password="wrong")
    with waiting_laptop(tmp_path, account) as laptop:
        call = laptop.send(wav(tmp_path / "call.wav"))
        laptop.until(lambda: laptop.blocked_by() == "registry_login")
        assert laptop.jobs[call].etag is not None

        correct(laptop, account, Entry.MONGO_PASSWORD, "right")

        laptop.until_sent(call, within=SECONDS)


def test_the_right_key_lets_registered_calls_be_announced_within_seconds(
    account: Account, sandbox: Running, queue_that_checks: Front, tmp_path: Path
) -> None:
    path = urlsplit(account.profile.queue_url).path
    behind = account_of(account.profile.model_copy(update={"queue_url": queue_that_checks.endpoint + path}))
    # The storage takes this secret, the queue only another one: so that the call gets as far as the queue.
    behind.save(
        access_key_id=sandbox.access_key_id, secret_access_key=sandbox.secret_access_key, mongo_password="right"
    )
    with waiting_laptop(tmp_path, behind) as laptop:
        call = laptop.send(wav(tmp_path / "call.wav"))
        laptop.until(lambda: laptop.blocked_by() == "keys_wrong")
        assert laptop.jobs[call].registered_at is not None

        correct(laptop, behind, Entry.SECRET_ACCESS_KEY, QUEUES_OWN)

        laptop.until_sent(call, within=SECONDS)


@pytest.fixture
def queue_that_checks(sandbox: Running) -> Iterator[Front]:
    with front_of(sandbox.sqs_endpoint) as front:
        front.answer(
            "SendMessage",
            refused(403, "SignatureDoesNotMatch"),
            times=99,
            applies=lambda request: not is_signed_with(request, QUEUES_OWN),
        )
        yield front
