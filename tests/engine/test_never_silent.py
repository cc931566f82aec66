"""What nobody foresaw: the engine refuses it, or ends with a last word; no front end waits for one that is gone."""

from pathlib import Path

import pytest

from callup_desktop.calls.metadata import FieldProblem, problems_of
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.errors import Code, Rejection
from callup_desktop.engine.events import Event, JobChanged, Stopped
from callup_desktop.engine.journal.errors import JournalError
from callup_desktop.engine.journal.journal import open_journal
from tests.engine.world import World


def test_a_company_that_no_utf_8_can_say_is_refused_and_stops_nothing(world: World) -> None:
    world.engine.add((world.recording(),), ids=("call",))
    world.engine.send(("call",), DetailsChange("M\udcfcller", "john@acme.com", "demo"))
    world.rest()

    assert [rejected.code for rejected in world.rejections()] == [Rejection.DETAILS]
    details = world.engine.live_jobs.jobs["call"].details
    assert problems_of(details, ("demo",)) == {"company_name": FieldProblem.UNREADABLE}
    world.engine.send(("call",), DetailsChange(company_name="Müller"))
    world.until_done("call")


def test_an_engine_that_ends_by_a_bug_says_so_instead_of_falling_silent(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.crash()
    told: list[Event] = []

    def report(event: Event) -> None:
        told.append(event)
        if isinstance(event, JobChanged):
            raise ZeroDivisionError

    world.engine._listener = report
    world.engine.add((world.recording(),), ids=("call",))

    with pytest.raises(ZeroDivisionError):
        world.engine.run()

    last = told[-1]
    assert isinstance(last, Stopped)
    assert last.trouble is not None
    assert (last.trouble.code, last.trouble.detail) == (Code.BUG, "ZeroDivisionError")
    world.crash()


def test_a_copy_of_the_journal_that_cannot_be_made_is_a_trouble_of_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = open_journal(path)
    journal._db.execute("PRAGMA user_version = 1")
    journal.close()
    loop = path.with_name(f"{path.name}.v1")
    loop.symlink_to(loop)

    with pytest.raises(JournalError) as raised:
        open_journal(path)

    assert raised.value.code is Code.JOURNAL_READ_ONLY
