"""Somebody tidied up, and removed the program's files while it was sending.

The window went on to say that everything was kept, and after the next start nothing was: uploads stayed open for good.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The journal has a folder of its own; recordings lie elsewhere."""
    made = World(tmp_path, home=tmp_path / "home")
    yield made
    made.close()


def remove_journal(world: World) -> None:
    for file in world.home.glob("journal.sqlite3*"):
        file.unlink()


def remove_write_ahead_log(world: World) -> None:
    (world.home / "journal.sqlite3-wal").unlink()


def remove_home(world: World) -> None:
    shutil.rmtree(world.home)


REMOVALS = [remove_journal, remove_write_ahead_log, remove_home]


@pytest.mark.parametrize("remove", REMOVALS)
def test_a_call_goes_on_after_a_crash_though_its_journal_was_removed(
    world: World, remove: Callable[[World], None]
) -> None:
    path = world.recording()
    call = world.send(path)
    world.until(lambda: world.job(call).stored > 0)

    remove(world)
    world.engine.turn()
    world.restart()

    world.until_done(call)
    world.arrived_whole_and_once(call, path)


@pytest.mark.parametrize("remove", REMOVALS)
def test_a_program_that_is_closed_next_has_kept_everything(world: World, remove: Callable[[World], None]) -> None:
    call = world.send(world.recording())
    world.until(lambda: world.job(call).stored > 0)

    remove(world)
    world.engine.stop()
    world.rest()
    world.start()

    assert world.known(call)
    world.engine.cancel((call,))
    world.until(lambda: not world.known(call))
    world.nothing_is_left(call)
