"""The store's contract, over the fake and over two real servers of different ability."""

import hashlib

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.ports import Algorithm, Store
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from tests.fakes.store import FakeStore, HeldObject
from tests.services.outside import MIB, PlainS3
from tests.services.store_contract import FaithfulStoreContract, KeyContract, Outside, StoreContract


class InsideFake:
    """The fake from outside."""

    bucket = "bucket"

    def __init__(self, fake: FakeStore) -> None:
        self._fake = fake

    def bytes_at(self, key: str) -> bytes | None:
        held = self._fake.objects.get(key)
        return None if held is None else held.data

    def content_type_at(self, key: str) -> str:
        return self._fake.objects[key].content_type

    def store(self, key: str, data: bytes) -> None:
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self._fake.objects[key] = HeldObject(data, etag, "audio/mpeg")

    def open_uploads(self, key: str) -> list[str]:
        return [upload_id for upload_id, upload in self._fake.uploads.items() if upload.key == key]


class FakeFixtures:
    @pytest.fixture
    def store(self, request: pytest.FixtureRequest) -> FakeStore:
        return FakeStore(algorithm=request.param, smallest_part=5 * MIB)

    @pytest.fixture
    def outside(self, store: FakeStore) -> Outside:
        return InsideFake(store)


@pytest.mark.parametrize("store", [Algorithm.CRC64NVME, Algorithm.CRC32], indirect=True)
class TestFakeStore(FakeFixtures, FaithfulStoreContract, KeyContract):
    pass


class TestFakeStoreThatListsNoChecksums(FaithfulStoreContract, KeyContract):
    @pytest.fixture
    def store(self) -> FakeStore:
        return FakeStore(lists_checksums=False, smallest_part=5 * MIB)

    @pytest.fixture
    def outside(self, store: FakeStore) -> Outside:
        return InsideFake(store)


@pytest.mark.parametrize("store", [Algorithm.NONE], indirect=True)
class TestFakeStoreWithoutChecksums(FakeFixtures, StoreContract):
    pass


class TestSeaweed(FaithfulStoreContract, KeyContract):
    @pytest.fixture
    def store(self, profile: Profile, secrets: Secrets) -> Store:
        return S3Store(profile, secrets)

    @pytest.fixture
    def outside(self, seaweed: PlainS3) -> Outside:
        return seaweed


class TestRclone(StoreContract):
    @pytest.fixture
    def store(self, profile: Profile, secrets: Secrets, rclone: PlainS3) -> Store:
        return S3Store(profile.model_copy(update={"endpoint": rclone.endpoint}), secrets)

    @pytest.fixture
    def outside(self, rclone: PlainS3) -> Outside:
        return rclone
