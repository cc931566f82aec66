"""The file is whole, and the program says that it cannot be read.

Not every store's ETag is an MD5 in small letters: some write it large, some that encrypt tell a number of their own.
Where such a store knew no checksums either, uploaders compared in vain, sent each part three times, and blamed the
disk or the file.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code, JobError, TransientError
from callup_desktop.engine.job import State
from callup_desktop.engine.parts import plan_part_size
from callup_desktop.engine.ports import Algorithm, Target
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from tests.engine.world import World
from tests.fakes.faults import Moment
from tests.faults.laptop import Laptop, in_parts
from tests.reports.small_store import SmallStore, plain_md5, serving
from tests.services.outside import body_of, target_for
from tests.services.store_contract import FIRST, RECORDING, send_parts

Habit = Callable[[bytes, str], str]


def large(data: bytes, joined: str = "") -> str:
    """MD5 in capital letters."""
    return plain_md5(data, joined).upper()


def random_md5(data: bytes, joined: str = "") -> str:
    """What looks like an MD5 and is of the encrypted bytes."""
    digest = hashlib.md5(b"key" + data, usedforsecurity=False).hexdigest()
    return f"{digest}-{joined.partition('-')[2]}" if joined else digest


def opaque(data: bytes, joined: str = "") -> str:
    """A number that only the store understands."""
    return f"obj:{len(data)}:{hashlib.sha256(data + joined.encode()).hexdigest()[:12]}"


HABITS = [plain_md5, large, random_md5, opaque]


@pytest.fixture(params=HABITS, ids=lambda habit: habit.__name__)
def small(request: pytest.FixtureRequest) -> Iterator[SmallStore]:
    with serving(SmallStore(etag=request.param)) as store:
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


def path_of(target: Target) -> str:
    return f"/{target.bucket}/{target.key}"


def test_a_recording_in_parts_arrives(store: S3Store, small: SmallStore, target: Target) -> None:
    upload_id, parts = send_parts(store, target)

    stored = store.complete(target, upload_id, parts)

    assert stored is not None
    assert small.objects == {path_of(target): RECORDING}
    assert store.algorithm() is Algorithm.NONE


def test_a_recording_in_one_piece_arrives(store: S3Store, small: SmallStore, target: Target) -> None:
    stored = store.put(target, body_of(RECORDING))

    assert store.matches(target, stored)
    assert small.objects == {path_of(target): RECORDING}


def test_what_is_not_proven_by_its_etag_is_proven_by_content_md5(
    store: S3Store, small: SmallStore, target: Target
) -> None:
    store.put(target, body_of(RECORDING))

    sent = [headers for method, headers in small.asked if method == "PUT"]
    is_md5 = small.etag in {plain_md5, large}
    assert ["content-md5" in headers for headers in sent] == ([False] if is_md5 else [False, True])


def test_a_damaged_part_is_still_found_out(store: S3Store, small: SmallStore, target: Target) -> None:
    upload_id, _parts = send_parts(store, target)

    def damage(method: str, headers: dict[str, str]) -> tuple[int, str] | None:
        return (400, "BadDigest") if method == "PUT" and "content-md5" in headers else None

    small.refusals.append(damage)
    with pytest.raises(TransientError) as caught:
        store.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST]))

    assert caught.value.code is Code.PART_DAMAGED


def test_an_object_of_another_size_is_never_believed(store: S3Store, target: Target) -> None:
    upload_id, parts = send_parts(store, target, RECORDING[:-1])

    with pytest.raises(JobError) as caught:
        store.complete(target, upload_id, parts)

    assert caught.value.code is Code.MISMATCH


@pytest.mark.parametrize("small", [plain_md5, large], indirect=True, ids=lambda habit: habit.__name__)
def test_listed_parts_are_known_again_after_a_restart(
    store: S3Store, here: Profile, secrets: Secrets, target: Target
) -> None:
    upload_id, _parts = send_parts(store, target)

    restarted = S3Store(here, secrets)
    listed = restarted.list_parts(target, upload_id)

    assert listed is not None
    halves = (memoryview(RECORDING)[:FIRST], memoryview(RECORDING)[FIRST:])
    assert [part.etag for part in listed] == [restarted.part_checksum(half) for half in halves]


@pytest.mark.parametrize("plan", [in_parts, plan_part_size], ids=["in parts", "in one piece"])
def test_a_call_is_sent_and_nobody_is_blamed(
    plan: Callable[[int, float | None], int],
    tmp_path: Path,
    here: Profile,
    secrets: Secrets,
    small: SmallStore,
    short: Path,
) -> None:
    with Laptop(tmp_path, here, secrets, plan=plan) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)

    assert laptop.codes(call) == []
    assert list(small.objects.values()) == [short.read_bytes()]


def test_a_store_that_lists_all_parts_and_never_joins_them_gets_another_upload_and_then_a_sentence(
    world: World,
) -> None:
    """It tells one ETag of a part and knows it by another: the same upload was tried for ever."""
    lost = TransientError(Code.UPLOAD_EXPIRED, "InvalidPart")
    world.faults.fail("complete", Moment.BEFORE, *[lost] * 4)
    call = world.send(world.recording())

    world.until_done(call)

    assert [asked.op for asked in world.store.calls].count("create") == 2
    world.faults.fail("complete", Moment.BEFORE, *[lost] * 100)
    other = world.send(world.recording("other.mp3", 460))
    world.until(lambda: world.job(other).state is State.FAILED)
    trouble = world.job(other).trouble
    assert trouble is not None
    assert (trouble.code, trouble.detail) == (Code.MISMATCH, "InvalidPart")
