"""What every store behind engine.ports.Store does, told as incidents; run over the fake and over real servers."""

from dataclasses import replace
from typing import Protocol

import pytest

from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.errors import Cancelled, Code, JobError, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Store, StoredObject, Target
from tests.services.outside import MIB, body_of, checked_body, some_bytes, target_for

FIRST = 5 * MIB
RECORDING = some_bytes(FIRST + 1000)


class Outside(Protocol):
    """The store as other clients see it."""

    @property
    def bucket(self) -> str: ...

    def bytes_at(self, key: str) -> bytes | None: ...

    def content_type_at(self, key: str) -> str: ...

    def store(self, key: str, data: bytes) -> None: ...

    def open_uploads(self, key: str) -> list[str]: ...


def send_parts(store: Store, target: Target, data: bytes = RECORDING) -> tuple[str, tuple[Part, ...]]:
    upload_id = store.create(target).upload_id
    parts = [
        store.upload_part(target, upload_id, number, body_of(data[start : start + FIRST]))
        for number, start in enumerate(range(0, len(data), FIRST), start=1)
    ]
    return upload_id, tuple(parts)


class StoreContract:
    """Subclasses bring the fixtures `store` and `outside`."""

    @pytest.fixture
    def target(self, outside: Outside) -> Target:
        return target_for(RECORDING, outside.bucket)

    def test_a_multipart_upload_becomes_the_file(self, store: Store, outside: Outside, target: Target) -> None:
        upload_id, parts = send_parts(store, target)

        stored = store.complete(target, upload_id, parts)

        assert stored is not None
        assert store.matches(target, stored)
        assert outside.bytes_at(target.key) == RECORDING
        assert outside.content_type_at(target.key) == "audio/mpeg"
        assert outside.open_uploads(target.key) == []

    def test_bytes_that_were_checked_before_are_read_once_more_to_be_sent(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        part_size, asked = FIRST, list[int]()
        upload_id = store.create(target).upload_id

        parts = tuple(
            store.upload_part(target, upload_id, number, checked_body(RECORDING[start : start + part_size], asked))
            for number, start in enumerate(range(0, len(RECORDING), part_size), start=1)
        )

        stored = store.complete(target, upload_id, parts)
        assert stored is not None
        assert store.matches(target, stored)
        assert outside.bytes_at(target.key) == RECORDING
        if store.algorithm() is Algorithm.CRC64NVME:
            assert sum(asked) == len(RECORDING)

    def test_one_put_stores_the_file(self, store: Store, outside: Outside, target: Target) -> None:
        stored = store.put(target, body_of(RECORDING))

        assert store.matches(target, stored)
        assert outside.bytes_at(target.key) == RECORDING
        assert outside.content_type_at(target.key) == "audio/mpeg"

    def test_a_put_whose_reply_was_lost_is_put_again_with_success(self, store: Store, target: Target) -> None:
        first = store.put(target, body_of(RECORDING))

        again = store.put(target, body_of(RECORDING))

        assert (again.size, again.etag) == (first.size, first.etag)

    def test_a_complete_whose_reply_was_lost_is_success_the_second_time(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        upload_id, parts = send_parts(store, target)
        first = store.complete(target, upload_id, parts)

        again = store.complete(target, upload_id, parts)

        assert first is not None
        assert again is not None
        assert (again.size, again.etag) == (first.size, first.etag)
        assert outside.bytes_at(target.key) == RECORDING

    def test_completing_an_upload_that_expired_finds_nothing(self, store: Store, target: Target) -> None:
        upload_id, parts = send_parts(store, target)
        store.abort(target, upload_id)

        assert store.complete(target, upload_id, parts) is None

    def test_an_earlier_upload_that_became_the_object_leaves_no_other_open(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        first_id, parts = send_parts(store, target)
        second_id, second_parts = send_parts(store, target)
        store.complete(target, first_id, parts)

        stored = store.complete(target, second_id, second_parts)

        assert stored is not None
        assert store.matches(target, stored)
        assert outside.open_uploads(target.key) == []

    def test_listed_parts_can_be_compared_with_the_file(self, store: Store, target: Target) -> None:
        upload_id, sent = send_parts(store, target)

        listed = store.list_parts(target, upload_id)

        assert listed is not None
        assert [(part.number, part.size, part.etag) for part in listed] == [
            (part.number, part.size, part.etag) for part in sent
        ]
        first, second = memoryview(RECORDING)[:FIRST], memoryview(RECORDING)[FIRST:]
        assert [part.checksum or part.etag for part in listed] == [
            store.part_checksum(first),
            store.part_checksum(second),
        ]

    def test_an_upload_listed_after_a_restart_is_completed(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        upload_id, _ = send_parts(store, target)
        listed = store.list_parts(target, upload_id)
        assert listed is not None

        store.complete(target, upload_id, listed)

        assert outside.bytes_at(target.key) == RECORDING

    def test_a_part_for_an_upload_that_expired_asks_to_compare_again(self, store: Store, target: Target) -> None:
        upload_id, _ = send_parts(store, target)
        store.abort(target, upload_id)

        with pytest.raises(TransientError):
            store.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST]))

    def test_aborting_leaves_nothing_and_may_be_repeated(self, store: Store, outside: Outside, target: Target) -> None:
        upload_id, _ = send_parts(store, target)

        store.abort(target, upload_id)
        store.abort(target, upload_id)

        assert store.list_parts(target, upload_id) is None
        assert outside.open_uploads(target.key) == []

    def test_open_uploads_are_those_of_the_key_alone(self, store: Store, outside: Outside, target: Target) -> None:
        upload_id = store.create(target).upload_id
        longer = target_for(RECORDING, outside.bucket, f"{target.key}.mp3")
        other = store.create(longer).upload_id

        assert store.open_uploads(target) == (upload_id,)
        assert store.open_uploads(longer) == (other,)
        store.abort(target, upload_id)
        store.abort(longer, other)

    def test_a_deleted_object_is_gone_and_deleting_again_is_fine(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        store.put(target, body_of(RECORDING))

        store.delete(target)
        store.delete(target)

        assert store.head(target) is None
        assert outside.bytes_at(target.key) is None

    def test_the_head_of_an_object_is_what_was_stored(self, store: Store, target: Target) -> None:
        assert store.head(target) is None
        stored = store.put(target, body_of(RECORDING))

        found = store.head(target)

        assert found is not None
        assert (found.size, found.etag) == (stored.size, stored.etag)
        assert store.matches(target, found)

    def test_a_shorter_object_is_not_the_file(self, store: Store, target: Target) -> None:
        stored = store.put(target, body_of(RECORDING))

        assert not store.matches(target, StoredObject(stored.size - 1, stored.etag, stored.checksum))

    def test_a_pause_while_a_part_is_sent_surfaces_as_cancelled(self, store: Store, target: Target) -> None:
        upload_id, token = store.create(target).upload_id, CancelToken()
        body = body_of(RECORDING[:FIRST], token, limit=20_000)
        body.read()
        token.cancel()

        with pytest.raises(Cancelled):
            store.upload_part(target, upload_id, 1, body)

        assert store.list_parts(target, upload_id) == ()
        assert store.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST])).size == FIRST
        store.abort(target, upload_id)

    def test_a_pause_while_a_put_is_sent_stores_nothing(self, store: Store, outside: Outside, target: Target) -> None:
        token = CancelToken()
        body = body_of(RECORDING, token)
        token.cancel()

        with pytest.raises(Cancelled):
            store.put(target, body)

        assert outside.bytes_at(target.key) is None

    def test_an_upload_goes_on_after_the_credentials_were_renewed(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        upload_id, parts = send_parts(store, target)

        store.renew_credentials()
        stored = store.complete(target, upload_id, parts)

        assert stored is not None
        assert outside.bytes_at(target.key) == RECORDING

    def test_bytes_that_are_not_those_checked_are_never_put(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        with pytest.raises(TransientError) as caught:
            store.put(target, body_of(RECORDING[:-1] + b"?"))

        assert caught.value.code is Code.PART_DAMAGED
        assert outside.bytes_at(target.key) is None


class FaithfulStoreContract(StoreContract):
    """What stores do that look at checksums and conditions, as S3 does, and forget a part that is sent again."""

    def test_parts_that_do_not_make_the_file_never_become_the_object(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        upload_id, parts = send_parts(store, target, RECORDING[:-1] + b"?")

        with pytest.raises(JobError) as caught:
            store.complete(target, upload_id, parts)

        assert caught.value.code is Code.MISMATCH
        assert outside.bytes_at(target.key) is None
        store.abort(target, upload_id)

    def test_a_part_that_the_store_does_not_hold_asks_to_compare_again(self, store: Store, target: Target) -> None:
        upload_id = store.create(target).upload_id
        held = store.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST]))

        with pytest.raises(TransientError) as caught:
            store.complete(target, upload_id, (held, replace(held, number=2, size=1000)))

        assert caught.value.code is Code.UPLOAD_EXPIRED
        store.abort(target, upload_id)

    def test_a_part_sent_again_takes_the_place_of_the_first(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        upload_id = store.create(target).upload_id
        store.upload_part(target, upload_id, 1, body_of(some_bytes(FIRST, seed=3)))
        parts = (
            store.upload_part(target, upload_id, 1, body_of(RECORDING[:FIRST])),
            store.upload_part(target, upload_id, 2, body_of(RECORDING[FIRST:])),
        )

        store.complete(target, upload_id, parts)

        assert outside.bytes_at(target.key) == RECORDING


class KeyContract:
    """What a store does to which others write, too; a gateway removes what stands at a key of its own."""

    @pytest.fixture
    def target(self, outside: Outside) -> Target:
        return target_for(RECORDING, outside.bucket)

    def test_another_object_at_the_key_is_never_overwritten(
        self, store: Store, outside: Outside, target: Target
    ) -> None:
        stranger = some_bytes(len(RECORDING), seed=3)
        outside.store(target.key, stranger)
        upload_id, parts = send_parts(store, target)

        with pytest.raises(JobError) as on_put:
            store.put(target, body_of(RECORDING))
        with pytest.raises(JobError) as on_complete:
            store.complete(target, upload_id, parts)

        assert {on_put.value.code, on_complete.value.code} == {Code.MISMATCH}
        assert outside.bytes_at(target.key) == stranger
        store.abort(target, upload_id)
