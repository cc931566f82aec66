"""What a colleague has sent: asked about before a byte leaves, and never in the way of a call."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callup_desktop.engine.errors import Code, Rejection, TransientError
from callup_desktop.engine.job import State
from callup_desktop.engine.ports import SentElsewhere
from callup_desktop.recordings.recording import Recording
from tests.engine.world import DETAILS, World, plain_probe

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


@dataclass
class Company:
    """What the other computers have sent, by content; it may be out of reach."""

    sent: dict[tuple[str, int], tuple[SentElsewhere, ...]] = field(default_factory=dict)
    is_silent: bool = False
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, crc64nvme: str, size: int) -> tuple[SentElsewhere, ...]:
        self.asked.append((crc64nvme, size))
        if self.is_silent:
            raise TransientError(Code.REGISTRY_BUSY, "elsewhere: no answer")
        return self.sent.get((crc64nvme, size), ())

    def reset(self) -> None:
        pass

    def has_sent(self, path: Path, call_id: str = "hers", sent_by: str = "ann") -> None:
        recording = read(path)
        call = SentElsewhere(call_id, sent_by, NOON)
        self.sent[recording.crc64nvme, recording.size] = (call,)


def read(path: Path) -> Recording:
    return plain_probe(path, cancelled=lambda: False, progress=lambda _done, _size: None)


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def world(tmp_path: Path, company: Company) -> Iterator[World]:
    made = World(tmp_path, elsewhere=company)
    yield made
    made.close()


def stored_calls(world: World) -> list[str]:
    return [call.op for call in world.store.calls if call.op in {"create", "put", "upload_part"}]


def test_a_draft_says_who_has_sent_its_recording_before_anybody_presses_send(world: World, company: Company) -> None:
    path = world.recording()
    company.has_sent(path)

    world.engine.add((path,), ids=("mine",))
    world.rest()

    draft = world.job("mine")
    assert (draft.question, draft.duplicate_of) == (Rejection.DUPLICATE, NOON)
    assert draft.trouble is not None
    assert draft.trouble.params == {"call_id": "hers", "sent_by": "ann", "sent_at": NOON.isoformat()}
    world.restart()
    assert world.job("mine").trouble == draft.trouble


def test_what_a_colleague_sent_meanwhile_asks_before_a_byte_leaves_and_goes_when_the_rep_says_so(
    world: World, company: Company
) -> None:
    path = world.recording()
    world.engine.add((path,), ids=("mine",))
    world.rest()
    assert world.job("mine").question is None
    company.has_sent(path)

    world.engine.send(("mine",), DETAILS)
    world.until(lambda: bool(world.rejections()))
    world.rest()

    (rejected,) = world.rejections()
    assert (rejected.code, rejected.earlier) == (Rejection.DUPLICATE, "hers")
    assert world.job("mine").state is State.DRAFT
    assert stored_calls(world) == []

    world.engine.send(("mine",), again=True)
    world.until_done("mine")
    world.arrived_whole_and_once("mine", path)
    assert len(world.rejections()) == 1


@pytest.mark.parametrize("size", [50, 450])
def test_a_call_is_no_duplicate_of_itself_nor_of_what_this_computer_knows(
    size: int, world: World, company: Company
) -> None:
    path = world.recording(size=size)
    first = world.send(path)
    company.has_sent(path, first)
    world.until_done(first)
    assert not world.rejections()

    second = world.send(path)
    world.until_done(second)
    assert not world.rejections()


def test_a_question_without_an_answer_holds_up_nothing(world: World, company: Company) -> None:
    company.is_silent = True
    paths = [world.recording(f"recording-{number}.mp3", 450 + number) for number in range(3)]
    names = tuple(path.stem for path in paths)
    world.engine.add(tuple(paths), ids=names)
    world.rest()
    world.engine.send(names, DETAILS)

    world.until_done(*names)

    for name, path in zip(names, paths, strict=True):
        world.arrived_whole_and_once(name, path)
        assert world.job(name).trouble is None


def test_a_file_that_becomes_a_colleagues_recording_while_it_is_sent_asks(world: World, company: Company) -> None:
    path = world.recording(size=450)
    call = world.send(path)
    world.until_call("upload_part", 2)
    path.write_bytes(b"her recording" * 40)
    company.has_sent(path)

    world.until(lambda: bool(world.rejections()))
    world.rest()

    assert world.job(call).question is Rejection.DUPLICATE
    assert world.store.uploads == {}


def test_the_own_call_that_is_registered_later_is_the_one_that_is_told(world: World, company: Company) -> None:
    path = world.recording()
    call = world.send(path)
    world.until_done(call)
    company.has_sent(path)

    world.engine.add((path,), ids=("again",))
    world.rest()

    assert world.job("again").question is Rejection.DUPLICATE
    assert world.job("again").trouble is None


def test_a_wish_to_send_waits_for_one_question_only(world: World, company: Company) -> None:
    path = world.recording()
    world.engine.add((path,), ids=("mine",))
    world.engine.send(("mine",), DETAILS)

    world.until_done("mine")

    assert len(company.asked) == 1
