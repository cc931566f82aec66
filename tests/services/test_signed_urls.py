"""URLs of parts: how many are asked for at once, and which are believed. No server, and a clock that is moved."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.parts import SMALLEST_PART, spans
from callup_desktop.engine.ports import Target
from callup_desktop.services.direct_shapes import MOST_SIGNED, PartsWanted, SignedPartView
from callup_desktop.services.gateway.signed_urls import CHECKSUM_HEADER, SignedUrls
from tests.services.outside import checked_body, crc64nvme, some_bytes, target_for

PARTS = MOST_SIGNED + 4
DATA = some_bytes(PARTS * SMALLEST_PART - 1000)
SPANS = spans(len(DATA), SMALLEST_PART)


@dataclass
class Signer:
    """A gateway that signs what it is asked for, for a quarter of an hour."""

    now: datetime = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    asked: list[list[int]] = field(default_factory=list)
    refuses: bool = False

    def sign(self, _target: Target, wanted: PartsWanted) -> Iterator[SignedPartView]:
        if self.refuses:
            raise TransientError(Code.STORAGE_BUSY)
        self.asked.append(wanted.numbers)
        ends = self.now + timedelta(minutes=15)
        for number, length, checksum in zip(wanted.numbers, wanted.lengths, wanted.checksums, strict=True):
            headers = {"Content-Length": str(length), CHECKSUM_HEADER: checksum}
            yield SignedPartView(number=number, url=f"https://s3/{len(self.asked)}", headers=headers, expires_at=ends)


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def urls(signer: Signer) -> SignedUrls:
    return SignedUrls(signer.sign, lambda: signer.now)


@pytest.fixture(scope="module")
def checked() -> Target:
    """A call whose pieces the probe has summed."""
    return replace(target_for(DATA, "bucket"), piece_crc64nvmes=checked_body(DATA, []).crc64nvmes)


def part(number: int) -> bytes:
    span = SPANS[number - 1]
    return DATA[span.offset : span.offset + span.size]


def taken(urls: SignedUrls, target: Target, number: int, *, anew: bool = False) -> SignedPartView:
    data = part(number)
    return urls.take(target, number, len(data), crc64nvme(data), anew=anew)


def test_urls_are_asked_for_many_at_a_time_and_each_is_bound_to_its_own_bytes(
    urls: SignedUrls, signer: Signer, checked: Target
) -> None:
    found = [taken(urls, checked, span.number) for span in SPANS]

    assert signer.asked == [[*range(1, MOST_SIGNED + 1)], [*range(MOST_SIGNED + 1, PARTS + 1)]]
    assert [each.number for each in found] == [span.number for span in SPANS]
    assert [each.headers for each in found] == [
        {"Content-Length": str(span.size), CHECKSUM_HEADER: crc64nvme(part(span.number))} for span in SPANS
    ]


def test_parts_that_leave_side_by_side_wait_for_one_request(urls: SignedUrls, signer: Signer, checked: Target) -> None:
    together = threading.Barrier(MOST_SIGNED, timeout=60)

    def take(number: int) -> int:
        together.wait()
        return taken(urls, checked, number).number

    first = taken(urls, checked, 1)
    with ThreadPoolExecutor(MOST_SIGNED) as threads:
        found = [*threads.map(take, range(2, MOST_SIGNED + 2))]

    assert [first.number, *found] == [*range(1, MOST_SIGNED + 2)]
    assert len(signer.asked) == 2


def test_without_the_probes_checksums_a_part_is_asked_for_when_it_leaves(urls: SignedUrls, signer: Signer) -> None:
    target = target_for(DATA, "bucket")

    for number in (1, 2, 3):
        taken(urls, target, number)

    assert signer.asked == [[1], [2], [3]]


def test_parts_that_are_stored_are_not_asked_for(urls: SignedUrls, signer: Signer, checked: Target) -> None:
    urls.are_stored(checked, range(3, PARTS))

    taken(urls, checked, 1)

    assert signer.asked == [[1, 2, PARTS]]


def test_after_a_sleep_past_their_time_they_are_asked_for_again(
    urls: SignedUrls, signer: Signer, checked: Target
) -> None:
    taken(urls, checked, 1)
    signer.now += timedelta(minutes=16)

    found = taken(urls, checked, 2)

    assert found.expires_at > signer.now
    assert signer.asked[1:] == [[*range(2, MOST_SIGNED + 2)]]


def test_one_that_the_storage_refuses_takes_the_others_with_it(
    urls: SignedUrls, signer: Signer, checked: Target
) -> None:
    first = taken(urls, checked, 1)

    again = taken(urls, checked, 1, anew=True)

    assert again.url != first.url
    assert taken(urls, checked, 2).url == again.url
    assert len(signer.asked) == 2


def test_one_of_other_bytes_is_not_used(urls: SignedUrls, signer: Signer, checked: Target) -> None:
    taken(urls, checked, 1)
    other = some_bytes(SPANS[1].size, seed=3)

    found = urls.take(checked, 2, len(other), crc64nvme(other))

    assert found.headers[CHECKSUM_HEADER] == crc64nvme(other)
    assert len(signer.asked) == 2


def test_a_gateway_that_does_not_answer_is_asked_again_by_the_next_part(
    urls: SignedUrls, signer: Signer, checked: Target
) -> None:
    signer.refuses = True
    with pytest.raises(TransientError):
        taken(urls, checked, 1)
    signer.refuses = False

    assert taken(urls, checked, 2).number == 2


def test_one_that_was_given_at_the_beginning_is_not_asked_for(urls: SignedUrls, signer: Signer) -> None:
    target, data = target_for(DATA, "bucket"), part(1)
    wanted = PartsWanted(numbers=[1], lengths=[len(data)], checksums=[crc64nvme(data)])
    urls.keep(target, signer.sign(target, wanted))
    signer.asked.clear()

    assert taken(urls, target, 1).number == 1
    assert signer.asked == []


def test_an_upload_that_is_over_leaves_no_url(urls: SignedUrls, signer: Signer, checked: Target) -> None:
    taken(urls, checked, 1)
    urls.forget(checked)

    taken(urls, checked, 2)

    assert len(signer.asked) == 2
