"""One trouble of the account, told a hundred times as a trouble of each recording.

A full bucket, a quota, a store that does not know a header, a keychain that fails, a program for keys that is missing:
each call failed for itself and had to be started again by hand, in the words of a broken recording. And a missing
password of the call list was told as missing keys for storage, which people then typed in again.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.ports import Target
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from tests.faults.laptop import Laptop, QuickProbe
from tests.reports.small_store import SmallStore, serving
from tests.services.outside import body_of, some_bytes, target_for
from tests.services.store_contract import RECORDING, send_parts

DATA = some_bytes(3000)


@pytest.fixture
def small() -> Iterator[SmallStore]:
    with serving(SmallStore()) as store:
        yield store


@pytest.fixture
def here(profile: Profile, small: SmallStore) -> Profile:
    return profile.model_copy(update={"endpoint": small.endpoint})


@pytest.fixture
def store(here: Profile, secrets: Secrets) -> S3Store:
    return S3Store(here, secrets)


@pytest.fixture
def target(profile: Profile) -> Target:
    return target_for(RECORDING, profile.bucket)


# --- storage that is full ---------------------------------------------------------------------------------------------

FULL = [
    (403, "QuotaExceeded"),
    (400, "XMinioAdminBucketQuotaExceeded"),
    (409, "XMinioAdminBucketQuotaExceeded"),
    (507, "XMinioStorageFull"),
    (507, "InsufficientStorage"),
    (507, "Whatever"),
]


@pytest.mark.parametrize(("status", "code"), FULL)
@pytest.mark.parametrize("way", ["create", "part", "put"])
def test_a_full_store_is_the_accounts_trouble(
    way: str, status: int, code: str, store: S3Store, small: SmallStore, target: Target
) -> None:
    upload_id = store.create(target).upload_id
    small.refusals.append(lambda method, _headers: (status, code) if method in {"PUT", "POST"} else None)

    send: dict[str, Callable[[], object]] = {
        "create": lambda: store.create(target),
        "part": lambda: store.upload_part(target, upload_id, 1, body_of(DATA)),
        "put": lambda: store.put(target, body_of(RECORDING)),
    }
    with pytest.raises(AccountError) as caught:
        send[way]()

    assert caught.value.code is Code.STORAGE_FULL


def test_a_full_store_is_one_banner_and_all_calls_go_on_by_themselves(
    tmp_path: Path, here: Profile, secrets: Secrets, small: SmallStore, short: Path
) -> None:
    small.refusals.append(lambda method, _headers: (403, "QuotaExceeded") if method == "PUT" else None)
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(short.read_bytes() + bytes(2 * number))
    with Laptop(tmp_path, here, secrets, backoff=QuickProbe()) as laptop:
        calls = [laptop.send(path) for path in paths]
        laptop.until(lambda: laptop.blocked_by() == Code.STORAGE_FULL)
        small.refusals.clear()
        laptop.until_sent(*calls)

    assert len(small.objects) == 3


# --- a store that does not know the encryption header -----------------------------------------------------------------


def no_encryption_header(_method: str, headers: dict[str, str]) -> tuple[int, str] | None:
    return (501, "NotImplemented") if "x-amz-server-side-encryption" in headers else None


@pytest.mark.parametrize("way", ["in parts", "in one piece"])
def test_a_store_without_the_encryption_header_is_asked_without_it_from_then_on(
    way: str, store: S3Store, small: SmallStore, target: Target
) -> None:
    small.refusals.append(no_encryption_header)

    if way == "in parts":
        upload_id, parts = send_parts(store, target)
        store.complete(target, upload_id, parts)
    else:
        store.put(target, body_of(RECORDING))
    found_out = len(small.asked)
    store.create(target)

    assert not store.capabilities.encryption_header
    assert store.capabilities.conditional_writes
    assert len(small.asked) == found_out + 1
    assert list(small.objects.values()) == [RECORDING]


def test_the_encryption_header_is_sent_where_it_is_known(store: S3Store, small: SmallStore, target: Target) -> None:
    store.put(target, body_of(RECORDING))

    assert store.capabilities.encryption_header
    assert {headers.get("x-amz-server-side-encryption") for method, headers in small.asked if method == "PUT"} == {
        "AES256"
    }
