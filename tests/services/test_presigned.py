"""A URL for one part, as whoever found it would use it: it stores the bytes it was made for, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from callup_desktop.config.profile import Profile
from callup_desktop.engine.ports import Algorithm, Target
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.s3.requests import SignedPart
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from tests.services.outside import PlainS3, crc64nvme, some_bytes, target_for

DATA = some_bytes(100_000)
OTHER = some_bytes(len(DATA), seed=3)
QUARTER = 900


@dataclass
class Opened:
    """An open upload of one part."""

    store: S3Store
    target: Target
    upload_id: str

    def signed(self, store: S3Store | None = None) -> SignedPart:
        """The URL for its part."""
        return (store or self.store).sign_part(self.target, self.upload_id, 1, len(DATA), crc64nvme(DATA), QUARTER)

    def parts(self) -> list[int]:
        """The sizes of the parts that the store holds."""
        return [part.size for part in self.store.list_parts(self.target, self.upload_id) or ()]


@pytest.fixture
def opened(profile: Profile, secrets: Secrets, seaweed: PlainS3) -> Iterator[Opened]:
    store, target = S3Store(profile, secrets), target_for(DATA, seaweed.bucket)
    upload_id = store.create(target).upload_id
    assert store.algorithm() is Algorithm.CRC64NVME
    yield Opened(store, target, upload_id)
    store.abort(target, upload_id)
    store.reset()


def put(signed: SignedPart, data: bytes, **headers: str) -> requests.Response:
    told = {name: value for name, value in signed.headers.items() if name != "Content-Length"}
    return requests.put(signed.url, data, headers={**told, **headers}, timeout=20)


def test_the_bytes_that_it_was_made_for_are_stored(opened: Opened) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    signed = opened.signed()

    answer = put(signed, DATA)

    assert answer.status_code == 200, answer.text
    assert opened.parts() == [len(DATA)]
    assert before + timedelta(seconds=QUARTER) <= signed.expires_at <= datetime.now(UTC) + timedelta(seconds=QUARTER)
    assert signed.url not in repr(signed)


@pytest.mark.parametrize(
    ("use", "status"),
    [
        (lambda signed: put(signed, OTHER), 400),
        (lambda signed: put(signed, DATA[:-1]), 403),
        (lambda signed: put(signed, DATA + b"?"), 403),
        (lambda signed: put(signed, OTHER, **{"x-amz-checksum-crc64nvme": crc64nvme(OTHER)}), 403),
        (lambda signed: requests.put(signed.url, DATA, timeout=20), 403),
        (lambda signed: put(SignedPart(2, _for_part(signed, 2), signed.headers, signed.expires_at), DATA), 403),
    ],
    ids=["other bytes", "fewer", "more", "another checksum", "no checksum", "another part"],
)
def test_anything_else_is_refused_and_nothing_is_stored(
    use: Callable[[SignedPart], requests.Response], status: int, opened: Opened
) -> None:
    answer = use(opened.signed())

    assert answer.status_code == status, answer.text
    assert opened.parts() == []


def _for_part(signed: SignedPart, number: int) -> str:
    changed = signed.url.replace("partNumber=1", f"partNumber={number}")
    assert changed != signed.url
    return changed


def test_after_its_time_it_is_refused(opened: Opened, profile: Profile, secrets: Secrets) -> None:
    clock = ServerClock()
    clock.learn(format_datetime(datetime.now(UTC) - timedelta(seconds=QUARTER + 5), usegmt=True))
    signed = opened.signed(S3Store(profile, secrets, clock))

    answer = put(signed, DATA)

    assert signed.expires_at < datetime.now(UTC)
    assert answer.status_code == 403, answer.text
    assert opened.parts() == []


def test_once_the_upload_was_aborted_it_stores_nothing(opened: Opened, seaweed: PlainS3) -> None:
    signed = opened.signed()
    opened.store.abort(opened.target, opened.upload_id)

    assert put(signed, DATA).status_code == 404
    assert seaweed.open_uploads(opened.target.key) == []
    assert seaweed.bytes_at(opened.target.key) is None
