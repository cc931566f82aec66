"""A question that nobody waits for any more gives way to the uploads. No server."""

import asyncio
from threading import Event
from typing import cast

import pytest

from callup_desktop.engine.errors import Code
from callup_desktop.gateway.blocking import BlockingCalls
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.calls import Calls
from callup_desktop.gateway.problems import ProblemError
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.uploads import MongoUploads, UploadRecord


class Uploads:
    """Rows that are asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def with_content(self, _tenant: str, _crc64nvme: str, _size: int, _limit: int) -> tuple[UploadRecord, ...]:
        self.asked += 1
        return ()


def test_who_has_sent_a_recording_is_not_looked_up_once_the_laptop_has_gone_on() -> None:
    uploads, begins, ends, blocking = Uploads(), Event(), Event(), BlockingCalls(1)
    rows, registry = cast(MongoUploads, uploads), cast(MongoRegistry, None)
    calls = Calls(rows, registry, blocking, laptop_waits=0.0)

    def send() -> None:
        begins.set()
        ends.wait()

    async def asked() -> str:
        upload = asyncio.ensure_future(blocking.run(send))
        await asyncio.to_thread(begins.wait)
        with pytest.raises(ProblemError) as caught:
            await calls.same_recording(Caller("acme", "rep", frozenset()), "AAAAAAAAAAA=", 1)
        ends.set()
        await upload
        await blocking.run(lambda: None)
        return caught.value.problem.code

    assert asyncio.run(asked()) == Code.GATEWAY_BUSY
    assert uploads.asked == 0
    blocking.close()
