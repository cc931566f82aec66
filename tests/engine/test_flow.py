"""The small parts of the engine: plan, body, pace, backoff, limit, meter, pool."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callup_desktop.engine.backoff import NETWORK, SERVER, Backoff
from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.errors import Cancelled, Code, TransientError
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.meter import Meter
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.parts import LARGEST_PART, MIB, SMALLEST_PART, Part, missing, plan_part_size, spans
from callup_desktop.engine.pool import ThreadPool, daemon_thread
from callup_desktop.engine.steps import unchanged_bytes
from callup_desktop.files.source import Source, Span


@given(st.integers(1, 1024**3), st.one_of(st.none(), st.floats(1_000, 1e9)))
def test_the_plan_keeps_to_the_contract(size: int, uplink: float | None) -> None:
    part = plan_part_size(size, uplink)
    if size >= 100 * MIB:
        assert part != 0
    if part == 0:
        assert size <= (uplink or 1_000_000) * 10
        return
    assert SMALLEST_PART <= part <= LARGEST_PART
    assert part % MIB == 0
    cut = spans(size, part)
    assert len(cut) <= 10_000
    assert sum(span.size for span in cut) == size
    assert all(span.size == part for span in cut[:-1])


def test_a_part_of_another_size_counts_as_missing() -> None:
    held = (Part(1, 100, "a"), Part(2, 90, "b"), Part(9, 100, "c"))
    assert [span.number for span in missing(250, 100, held)] == [2, 3]


def read_all(body: PartBody) -> bytes:
    return b"".join(iter(lambda: body.read(16384), b""))


def test_a_body_gives_all_bytes_in_large_reads_and_again_after_a_rewind() -> None:
    data = bytes(range(256)) * 20_000
    body = PartBody(CancelToken(), Pace(), memoryview(data))
    assert len(body.read(16384)) > 16384
    body.seek(0)
    assert read_all(body) == data
    assert (body.tell(), len(body)) == (len(data), len(data))


@pytest.mark.parametrize(("size", "reads"), [(300_000, 1), (3 * MIB, 12)])
def test_a_body_holds_a_piece_and_reads_a_small_recording_once(size: int, reads: int) -> None:
    data, asked = bytes(range(250)) * (size // 250 + 1), list[int]()

    def read(offset: int, length: int) -> memoryview:
        asked.append(length)
        return memoryview(data)[offset : min(offset + length, size)]

    body = PartBody(CancelToken(), Pace())
    body.load(size, read)

    assert b"".join(body.pieces()) == read_all(body) == data[:size]
    assert (len(asked), max(asked) <= MIB // 2) == (reads, True)


def test_a_file_that_changes_while_it_is_sent_never_leaves_whole(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(b"x" * 2 * MIB)
    body = PartBody(CancelToken(), Pace())
    with Source(path) as source:
        job = Job("id", State.RUNNING, path, datetime.now(UTC), identity=source.identity())
        body.load(2 * MIB, partial(unchanged_bytes, job, source, Span(1, 0, 2 * MIB), CancelToken()))
        body.read()
        os.utime(path, (1, 1))

        with pytest.raises(TransientError) as raised:
            read_all(body)

    assert raised.value.code is Code.FILE_CHANGED
    assert body.tell() < 2 * MIB


def test_a_cancelled_body_ends_at_the_next_read() -> None:
    token = CancelToken()
    body = PartBody(token, Pace(), memoryview(b"x" * MIB))
    body.read()
    token.cancel()
    with pytest.raises(Cancelled):
        body.read()


def test_a_pause_does_not_wait_for_the_bandwidth_limit() -> None:
    token = CancelToken()
    pace = Pace(1)
    body = PartBody(token, pace, memoryview(b"x" * 4096))
    body.read()
    started = threading.Event()
    ended: list[BaseException] = []

    def read() -> None:
        started.set()
        try:
            body.read()
        except Cancelled as exc:
            ended.append(exc)

    reader = threading.Thread(target=read)
    reader.start()
    started.wait(5)
    token.cancel()
    reader.join(5)
    assert ended


def test_the_limit_is_shared_by_all_requests() -> None:
    moment = [0.0]
    pace = Pace(1000, now=lambda: moment[0])
    waits = [pace.reserve(500) for _ in range(4)]
    assert waits == [0.0, 0.5, 1.0, 1.5]
    pace.set_limit(None)
    assert pace.reserve(10**9) == 0.0


def test_backoff_grows_to_its_cap_and_puts_the_servers_word_first() -> None:
    highest = Backoff(draw=lambda _low, high: high)
    assert [highest.wait(NETWORK, attempts) for attempts in (0, 1, 5, 50)] == [1, 2, 32, 60]
    assert highest.wait(SERVER, 50) == 900
    assert 30 <= highest.wait(NETWORK, 9, 30.0) <= 34


@given(st.integers(0, 60))
def test_full_jitter_never_waits_longer_than_the_ceiling(attempts: int) -> None:
    assert 0 <= Backoff().wait(NETWORK, attempts) <= 60


def climb(limit: ConcurrencyLimit, rate: Callable[[int], float], seconds: int) -> int:
    moment = 0.0
    for _ in range(seconds):
        moment += 1.01
        limit.acknowledged(moment, int(rate(limit.allowed(MIB)) * 1.01))
    return limit.allowed(MIB)


def test_requests_grow_while_throughput_rises_and_stay_few_on_a_slow_link() -> None:
    assert climb(ConcurrencyLimit(8), lambda requests: requests * 1e6, 20) == 8
    assert climb(ConcurrencyLimit(8), lambda _requests: 50_000.0, 6) <= 3


def test_a_full_link_is_left_with_the_requests_that_fill_it() -> None:
    """More were kept after each look, though they brought nothing; when the line was cut each lost its part."""
    limit = ConcurrencyLimit(8)
    for moment in range(1, 121):
        limit.acknowledged(float(moment), 1_000_000)
        assert limit.allowed(MIB) <= 4
    assert limit.worth == 2


def test_what_filled_the_link_the_last_time_is_begun_with_within_the_profile() -> None:
    known, narrower = ConcurrencyLimit(8), ConcurrencyLimit(4)
    for limit in (known, narrower):
        limit.begin_with(6)
    assert (known.allowed(MIB), narrower.allowed(MIB)) == (6, 4)


def test_requests_that_only_this_computer_holds_up_stay_few() -> None:
    """On a loaded computer chance made eight of them, which took a quarter more of its processor for the same bytes."""
    fast, slower = ConcurrencyLimit(8), ConcurrencyLimit(8)
    assert climb(fast, lambda requests: requests * 65e6, 60) == 2
    assert climb(slower, lambda requests: requests * 63e6, 60) == 8
    fast.begin_with(8, rate=8 * 65e6)
    slower.begin_with(8, rate=8 * 63e6)
    assert (fast.allowed(MIB), slower.allowed(MIB)) == (2, 8)


def test_nothing_is_learnt_while_there_is_too_little_to_send() -> None:
    limit = ConcurrencyLimit(8)
    for moment in range(1, 60):
        limit.acknowledged(float(moment), 1_000_000 * moment, full=False)
    assert limit.allowed(MIB) == 2


def test_slow_down_halves_the_requests() -> None:
    limit = ConcurrencyLimit(8)
    climb(limit, lambda requests: requests * 1e6, 20)
    limit.slowed_down(50.0)
    assert limit.allowed(MIB) == 4


def test_eight_requests_that_are_told_to_slow_down_at_once_halve_them_once() -> None:
    limit = ConcurrencyLimit(8)
    climb(limit, lambda requests: requests * 1e6, 20)
    for request in range(8):
        limit.slowed_down(50.0 + request / 100)
    assert limit.allowed(MIB) == 4
    for later in (55.0, 60.0):
        limit.slowed_down(later)
        assert limit.allowed(MIB) == 2


def test_requests_never_hold_more_than_a_quarter_gigabyte() -> None:
    limit = ConcurrencyLimit(32)
    climb(limit, lambda requests: requests * 1e6, 60)
    assert limit.allowed(64 * MIB) == 4


def test_one_stall_does_not_make_the_estimate_jump() -> None:
    meter = Meter()
    position = 0
    for second in range(20):
        position += 0 if second == 10 else 1_000_000
        meter.sample(float(second), position)
    assert meter.rate == 1_000_000
    assert meter.seconds_left(5_000_000) == 5.0


def test_an_estimate_is_not_given_before_it_is_stable() -> None:
    meter = Meter()
    meter.sample(0.0, 0)
    meter.sample(1.0, 1000)
    assert meter.seconds_left(5000) is None


def test_the_pool_runs_tasks_side_by_side_and_ends_its_threads() -> None:
    barrier = threading.Barrier(3)
    pool = ThreadPool(3, daemon_thread)
    done = threading.Event()
    passed: list[int] = []

    def meet() -> None:
        passed.append(barrier.wait(5))
        if len(passed) == 3:
            done.set()

    for _ in range(3):
        pool.run(meet)
    assert done.wait(5)
    pool.close()
    with pytest.raises(RuntimeError):
        pool.run(meet)
