"""The buffers that uploads share: few while the storage is busy, one each for slow senders, never two readers."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps

from callup_desktop.gateway.admission import PART
from callup_desktop.gateway.buffers import BufferPool, PartBuffer

WANTED = 3


def in_a_loop(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 30))

    return run


class HandLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock the test moves, however slow the machine is."""

    passed = 0.0

    def time(self) -> float:
        return self.passed


async def several_turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def taken(pool: BufferPool, count: int = WANTED) -> list[PartBuffer]:
    return [await pool.take() for _ in range(count)]


@in_a_loop
async def test_a_crowd_waits_for_a_buffer_while_one_is_on_its_way_to_the_storage() -> None:
    pool = BufferPool(WANTED)
    first, *_ = await taken(pool)
    with pool.sending():
        waiting = [asyncio.create_task(pool.take()) for _ in range(10)]
        await asyncio.wait(waiting, timeout=0.3)
        assert not any(task.done() for task in waiting)
    pool.give_back(first)

    assert pool.in_use == WANTED
    assert await waiting[0] is first
    for task in waiting:
        task.cancel()


@in_a_loop
async def test_slow_senders_hold_up_nobody() -> None:
    pool = BufferPool(WANTED)
    slow = await taken(pool)
    for buffer in slow:
        buffer.take(memoryview(b"x" * 1024))

    others = [asyncio.create_task(pool.take()) for _ in range(2 * WANTED)]
    found = await asyncio.gather(*others)

    assert len({*map(id, slow), *map(id, found)}) == 3 * WANTED


def test_a_crowd_of_fast_senders_waits_for_the_first_full_buffer() -> None:
    async def test(loop: HandLoop) -> None:
        pool = BufferPool(WANTED)
        first, *_ = await taken(pool)
        waiting = asyncio.create_task(pool.take())
        piece = memoryview(bytes(PART // 4))
        for _ in range(4):
            first.take(piece)
            loop.passed += 0.04
            await several_turns()
        assert not waiting.done()

        pool.give_back(first)

        assert await waiting is first
        assert first.filled == 0

    loop = HandLoop()
    try:
        loop.run_until_complete(test(loop))
    finally:
        loop.close()


def test_a_crowd_that_is_slow_for_a_moment_gets_one_buffer_more_and_not_one_each() -> None:
    async def test(loop: HandLoop) -> None:
        pool = BufferPool(WANTED)
        await taken(pool)
        waiting = [asyncio.create_task(pool.take()) for _ in range(10)]
        await several_turns()

        for looks in (1, 2):
            loop.passed += 0.05
            await several_turns()

            assert sum(task.done() for task in waiting) == looks
        for task in waiting:
            task.cancel()

    loop = HandLoop()
    try:
        loop.run_until_complete(test(loop))
    finally:
        loop.close()


@in_a_loop
async def test_whoever_gives_up_waiting_takes_no_buffer_with_him() -> None:
    pool = BufferPool(WANTED)
    held = await taken(pool)
    with pool.sending():
        gone, other = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
        await several_turns()
        gone.cancel()
        pool.give_back(held[0])
        assert await other is held[0]
        late = asyncio.create_task(pool.take())
        await several_turns()
        pool.give_back(held[1])
        late.cancel()  # it has its buffer by now, and nobody will use it
        await asyncio.wait({late})

    assert late.cancelled()
    assert pool.in_use == WANTED - 1


@in_a_loop
async def test_a_buffer_that_a_thread_may_still_read_is_never_used_again() -> None:
    pool = BufferPool(WANTED)
    held = await taken(pool)

    for buffer in held:
        pool.discard(buffer)

    assert not {*map(id, held)} & {id(buffer) for buffer in await taken(pool)}


@in_a_loop
async def test_a_buffer_shows_nothing_of_the_upload_before() -> None:
    pool = BufferPool(WANTED)
    buffer = await pool.take()
    buffer.take(memoryview(b"a secret call"))
    pool.give_back(buffer)

    again = await pool.take()
    again.take(memoryview(b"hi"))

    assert bytes(again.bytes()) == b"hi"
