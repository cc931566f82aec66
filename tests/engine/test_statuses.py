"""What the engine tells of the status of sent calls."""

from pathlib import Path

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.events import Statuses
from tests.engine.world import World
from tests.fakes.faults import Moment


def statuses(world: World) -> list[Statuses]:
    return [event for event in world.events if isinstance(event, Statuses)]


def test_a_call_that_the_registry_no_longer_has_is_told_apart_from_one_that_it_has(tmp_path: Path) -> None:
    world = World(tmp_path)
    kept, lost = (world.send(world.recording(f"{name}.wav")) for name in ("kept", "lost"))
    world.until_done(kept)
    world.until_done(lost)
    del world.registry.documents[lost]

    world.engine.ask_statuses((kept, lost))
    world.rest()

    assert [dict(event.by_call) for event in statuses(world)] == [{kept: "uploaded", lost: ""}]
    world.close()


def test_a_registry_that_does_not_answer_is_no_news_of_the_calls(tmp_path: Path) -> None:
    world = World(tmp_path)
    job_id = world.send(world.recording())
    world.until_done(job_id)
    world.faults.fail("statuses", Moment.BEFORE, TransientError(Code.REGISTRY_UNREACHABLE, "no primary"))

    world.engine.ask_statuses((job_id,))
    world.rest()

    assert statuses(world) == []
    world.close()
