"""The small world of the engine's tests with real services behind a gateway; clock and pool stay the test's."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from callup_desktop.engine.parts import SMALLEST_PART
from callup_desktop.engine.ports import Algorithm
from callup_desktop.recordings.probe import probe
from tests.engine.world import World
from tests.fakes.faults import Call, Faults, Moment
from tests.faults.crashes import noise
from tests.faults.outcome import Document, Servers
from tests.faults.through_gateway import GatewayWays, placed, services_on, wait_until_announced
from tests.gateway.replica import eventually

ARRIVED = 20_000
_OF_TARGET = ("create", "put", "list_parts", "complete", "head", "open_uploads", "abort", "delete")


def _of_store(operation: str, target: Any, *_more: Any) -> Call:
    return Call(operation, target.key)


def _of_part(operation: str, target: Any, _upload_id: str, number: int, _body: Any) -> Call:
    return Call(operation, target.key, number)


def _of_call(operation: str, told: Any) -> Call:
    return Call(operation, told if isinstance(told, str) else told.call_id)


STORE = {**dict.fromkeys(_OF_TARGET, _of_store), "upload_part": _of_part}
REGISTRY = dict.fromkeys(("register", "edit", "find"), _of_call)
ANNOUNCER = {"announce": _of_call}


@dataclass
class Scripted:
    """A real service whose calls fail on order, before it is asked or after it has answered. Any thread."""

    service: Any
    named: Mapping[str, Callable[..., Call]]
    faults: Faults
    calls: list[Call] = field(default_factory=list)
    sent: Counter[tuple[str, int]] = field(default_factory=Counter)
    """What arrived, by key and part."""

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self.service, name)
        return partial(self._ask, name, asked) if name in self.named else asked

    def _ask(self, name: str, asked: Callable[..., Any], *arguments: Any) -> Any:
        call = self.named[name](name, *arguments)
        self.calls.append(call)
        self.faults(call, Moment.BEFORE)
        answer = asked(*arguments)
        if name in {"put", "upload_part"}:
            self.sent[call.key, call.number] += 1
        self.faults(call, Moment.AFTER)
        return answer


class GatewayWorld(World):
    """One laptop without keys, and the servers behind its gateway."""

    part = SMALLEST_PART
    sizes = (4_000, 90_000, SMALLEST_PART + 100_000)

    def __init__(self, folder: Path, ways: GatewayWays, servers: Servers, chance: random.Random) -> None:
        self._servers = servers
        self._chance = chance
        self._services = services_on(ways)
        self._heard: list[Document] = []
        super().__init__(folder, probe=probe)

    def make_services(self, algorithm: Algorithm, *, lists_checksums: bool) -> None:  # noqa: ARG002 - real ones have theirs
        self.clock.wall = datetime.now(UTC)
        # Whatever else the tests of fakes look at is not looked at here.
        self.store = cast(Any, Scripted(self._services.store, STORE, self.faults))
        self.registry = cast(Any, Scripted(self._services.registry, REGISTRY, self.faults))
        self.announcer = cast(Any, Scripted(self._services.announcer, ANNOUNCER, self.faults))

    def recording(self, name: str = "call.mp3", size: int = ARRIVED) -> Path:
        return noise(self.folder / name, max(size, ARRIVED // 10), self._chance)

    def document(self, job_id: str) -> Document:
        (found,) = self._servers.calls.find({"call_id": job_id}, {"_id": False})
        return found

    @property
    def made_elsewhere(self) -> frozenset[str]:
        # The gateway chose the place, and saw when the recording had come.
        return frozenset({"audio", "uploaded_at", "created_at"})

    def is_announced(self, job_id: str) -> bool:
        rows = self._servers.calls.database["callup_uploads"]
        return rows.find_one({"_id": job_id, "announced_at": {"$exists": True}}) is not None

    def begin_pipeline(self, job_id: str) -> None:
        self._servers.calls.update_one({"call_id": job_id}, {"$set": {"status": "transcribing"}})

    def no_upload_is_open(self) -> bool:
        return self._servers.open_uploads() == []

    def arrived_whole_and_once(self, job_id: str, path: Path) -> None:
        wait_until_announced(self._servers, job_id)
        self._heard += self._servers.messages()
        self._servers.arrived_whole_and_once(placed(self._servers, self.job(job_id)), path, self._heard)

    def nothing_is_left(self, job_id: str) -> None:
        rows = self._servers.calls.database["callup_uploads"]
        eventually(lambda: rows.find_one({"_id": job_id}) is None, "its row is gone")
        assert self._servers.keys_with(job_id) == []
        assert self._servers.calls.find_one({"call_id": job_id}) is None

    def close(self) -> None:
        super().close()
        for service in (self._services.store, self._services.registry, self._services.announcer):
            service.reset()
