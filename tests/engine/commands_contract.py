"""What every engine behind engine.commands.Commands does, told as incidents; run over the engine and over the fake."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from callup_desktop.engine.commands import Commands, DetailsChange
from callup_desktop.engine.errors import Rejection
from callup_desktop.engine.events import CommandRejected, Event, JobChanged, SentPage, Snapshot, Status
from callup_desktop.engine.job import Job, State
from callup_desktop.files.identity import identity_of
from callup_desktop.files.watched import WatchedFile

DETAILS = DetailsChange("Acme Corp", "john@acme.com", "demo")


class Subject(Protocol):
    """An engine, and what its tests may do around it."""

    @property
    def commands(self) -> Commands: ...

    @property
    def events(self) -> list[Event]: ...

    def recording(self, name: str) -> Path:
        """A file that the probe takes."""
        ...

    def document(self, name: str) -> Path:
        """A file that the probe turns away."""
        ...

    def settle(self) -> None:
        """Let everything that can be done without a service be done."""
        ...

    def send_all(self) -> None:
        """Let every queued call arrive."""
        ...

    def registered(self, job_id: str) -> tuple[str, str, str]:
        """The details of a call in the registry."""
        ...

    def move_on(self, job_id: str) -> None:
        """The pipeline begins with a call that has arrived."""
        ...


def last(subject: Subject, job_id: str) -> Job:
    """The newest copy of a job."""
    return [event.job for event in subject.events if isinstance(event, JobChanged) and event.job.id == job_id][-1]


def changes(subject: Subject) -> list[Job]:
    """Every copy of a job that was reported."""
    return [event.job for event in subject.events if isinstance(event, JobChanged)]


def watched(path: Path, *, settled: bool) -> WatchedFile:
    """The file as a look at the watched folder finds it now."""
    identity = identity_of(path)
    assert identity is not None
    return WatchedFile(path, identity, settled)


def is_gone(subject: Subject, job_id: str) -> bool:
    """Whether the engine said that the job left."""
    changes = [event for event in subject.events if isinstance(event, JobChanged) and event.job.id == job_id]
    return changes[-1].gone


def rejections(subject: Subject) -> list[tuple[str, Rejection]]:
    """Every command that was not carried out."""
    return [(event.job_id, event.code) for event in subject.events if isinstance(event, CommandRejected)]


class CommandsContract:
    """The fixture `subject` has nothing on its list."""

    @pytest.fixture
    def draft(self, subject: Subject) -> str:
        subject.commands.add((subject.recording("call.wav"),), ids=("call",))
        subject.settle()
        return "call"

    @pytest.fixture
    def sent(self, subject: Subject, draft: str) -> str:
        subject.commands.send((draft,), DETAILS)
        subject.send_all()
        return draft

    def test_it_tells_what_is_there_before_anything_else(self, subject: Subject) -> None:
        first, *others = subject.events
        assert isinstance(first, Snapshot)
        assert any(isinstance(event, Status) for event in others)

    def test_a_file_becomes_a_draft_with_the_id_that_was_given(self, subject: Subject, draft: str) -> None:
        job = last(subject, draft)
        assert (job.state, job.path.name) == (State.DRAFT, "call.wav")
        assert job.recording is not None

    def test_a_file_that_is_no_recording_is_turned_away_and_can_be_taken_off_the_list(self, subject: Subject) -> None:
        subject.commands.add((subject.document("letter.pdf"),), ids=("letter",))
        subject.settle()
        assert last(subject, "letter").turned_away
        subject.commands.send(("letter",))
        subject.settle()
        assert rejections(subject) == [("letter", Rejection.TURNED_AWAY)]
        subject.commands.forget(("letter",))
        subject.settle()
        assert is_gone(subject, "letter")

    def test_an_edit_leaves_the_fields_that_it_does_not_name(self, subject: Subject, draft: str) -> None:
        subject.commands.describe((draft,), DetailsChange(company_name="Acme Corp"))
        subject.commands.describe((draft,), DetailsChange(call_type="demo"))
        subject.settle()
        details = last(subject, draft).details
        assert (details.company_name, details.contact_email, details.call_type) == ("Acme Corp", "", "demo")

    def test_an_incomplete_draft_is_not_sent_and_stays_a_draft(self, subject: Subject, draft: str) -> None:
        subject.commands.send((draft,), DetailsChange(company_name="Acme Corp"))
        subject.settle()
        assert rejections(subject) == [(draft, Rejection.DETAILS)]
        assert last(subject, draft).state is State.DRAFT
        assert last(subject, draft).details.company_name == "Acme Corp"

    def test_sending_fixes_where_the_call_goes(self, subject: Subject, draft: str) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.settle()
        job = last(subject, draft)
        assert job.state in {State.QUEUED, State.RUNNING, State.DONE}
        assert job.key.endswith(f"/{draft}.{job.recording.format if job.recording else ''}")
        assert job.bucket

    def test_what_is_asked_to_be_sent_before_it_is_read_goes_once_it_is(self, subject: Subject) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("call",))
        subject.commands.send(("call",), DETAILS)
        subject.settle()
        assert last(subject, "call").state in {State.QUEUED, State.RUNNING, State.DONE}
        assert last(subject, "call").send_asked_at is None
        assert not rejections(subject)

    def test_a_recording_that_was_sent_before_asks_first(self, subject: Subject, sent: str) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("again",))
        subject.settle()
        assert last(subject, "again").duplicate_of is not None
        subject.commands.send(("again",), DETAILS)
        subject.settle()
        assert rejections(subject) == [("again", Rejection.DUPLICATE)]
        subject.commands.send(("again",), again=True)
        subject.send_all()
        assert last(subject, "again").state is State.DONE
        assert last(subject, sent).state is State.DONE

    def test_a_recording_that_is_in_the_list_twice_is_told_as_that_and_never_as_sent(
        self, subject: Subject, draft: str
    ) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("copy",))
        subject.settle()
        copy = last(subject, "copy")
        assert (copy.copy_of, copy.duplicate_of, copy.question) == (draft, None, Rejection.IN_LIST)
        assert last(subject, draft).question is None

        subject.commands.send((draft, "copy"), DETAILS)
        subject.settle()

        assert rejections(subject) == [("copy", Rejection.IN_LIST)]
        assert last(subject, draft).state is not State.DRAFT

    def test_nothing_is_said_of_a_copy_whose_original_was_removed(self, subject: Subject, draft: str) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("copy",))
        subject.settle()
        subject.commands.cancel((draft,))
        subject.settle()
        assert last(subject, "copy").question is None
        subject.commands.send(("copy",), DETAILS)
        subject.send_all()
        assert last(subject, "copy").state is State.DONE

    def test_a_draft_is_told_as_sent_from_the_moment_when_its_copy_is_registered(
        self, subject: Subject, draft: str
    ) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("copy",))
        subject.settle()
        subject.commands.send((draft,), DETAILS)
        subject.send_all()
        copy, sent = last(subject, "copy"), last(subject, draft)
        assert (copy.copy_of, copy.question) == (None, Rejection.DUPLICATE)
        assert copy.duplicate_of == sent.registered_at
        assert sent.registered_at is not None

    def test_a_copy_that_is_sent_on_purpose_asks_nothing_of_its_original(self, subject: Subject, draft: str) -> None:
        subject.commands.add((subject.recording("call.wav"),), ids=("copy",))
        subject.settle()
        subject.commands.send(("copy",), DETAILS, again=True)
        subject.commands.pause(("copy",))
        subject.settle()
        assert last(subject, "copy").state in {State.PAUSED, State.RUNNING}
        assert last(subject, draft).question is None

    def test_a_call_on_its_way_takes_new_details(self, subject: Subject, draft: str) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.commands.describe((draft,), DetailsChange(company_name=" Globex "))
        subject.send_all()
        assert not rejections(subject)
        assert last(subject, draft).details.company_name == "Globex"
        assert subject.registered(draft) == ("Globex", "john@acme.com", "demo")

    def test_a_call_that_was_sent_keeps_its_details_where_the_new_ones_are_not_complete(
        self, subject: Subject, draft: str
    ) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.commands.describe((draft,), DetailsChange(contact_email="nobody"))
        subject.settle()
        assert rejections(subject) == [(draft, Rejection.DETAILS)]
        assert last(subject, draft).details.contact_email == "john@acme.com"

    def test_a_call_that_has_arrived_takes_new_details(self, subject: Subject, sent: str) -> None:
        subject.commands.describe((sent,), DetailsChange(company_name="Globex"))
        subject.settle()
        assert not rejections(subject)
        job = last(subject, sent)
        assert (job.state, job.details.company_name, job.edit_asked_at) == (State.DONE, "Globex", None)
        assert subject.registered(sent) == ("Globex", "john@acme.com", "demo")

    def test_a_call_that_the_pipeline_has_begun_with_keeps_its_details(self, subject: Subject, sent: str) -> None:
        subject.move_on(sent)
        subject.commands.describe((sent,), DetailsChange(company_name="Globex"))
        subject.settle()
        assert rejections(subject) == [(sent, Rejection.MOVED_ON)]
        job = last(subject, sent)
        assert (job.state, job.details.company_name, job.edit_asked_at) == (State.DONE, "Acme Corp", None)
        assert subject.registered(sent) == ("Acme Corp", "john@acme.com", "demo")

    def test_paused_calls_stand_until_they_are_resumed(self, subject: Subject, draft: str) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.commands.pause((draft,))
        subject.settle()
        assert last(subject, draft).state is State.PAUSED
        subject.commands.resume((draft,))
        subject.send_all()
        assert last(subject, draft).state is State.DONE

    def test_pause_all_stands_for_what_is_sent_later_too_until_all_is_resumed(
        self, subject: Subject, draft: str
    ) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.commands.add((subject.recording("unread.wav"),), ids=("unread",))
        subject.commands.send(("unread",), DETAILS, again=True)
        subject.commands.pause_all()
        subject.settle()
        subject.commands.add((subject.recording("later.wav"),), ids=("later",))
        subject.commands.send(("later",), DETAILS, again=True)
        subject.settle()
        assert {last(subject, job_id).state for job_id in (draft, "unread", "later")} == {State.PAUSED}
        assert [event for event in subject.events if isinstance(event, Status)][-1].paused

        subject.commands.resume_all()
        subject.send_all()
        assert {last(subject, job_id).state for job_id in (draft, "unread", "later")} == {State.DONE}
        assert not [event for event in subject.events if isinstance(event, Status)][-1].paused

    def test_one_call_may_go_on_while_all_others_stay_paused(self, subject: Subject, draft: str) -> None:
        subject.commands.pause_all()
        subject.commands.send((draft,), DETAILS)
        subject.settle()
        assert last(subject, draft).state is State.PAUSED
        subject.commands.resume((draft,))
        subject.send_all()
        assert last(subject, draft).state is State.DONE
        assert [event for event in subject.events if isinstance(event, Status)][-1].paused

    def test_a_call_that_is_taken_back_leaves_the_list(self, subject: Subject, draft: str) -> None:
        subject.commands.send((draft,), DETAILS)
        subject.commands.cancel((draft,))
        subject.settle()
        assert is_gone(subject, draft)

    def test_a_sent_call_cannot_be_taken_back_but_taken_off_the_list(self, subject: Subject, sent: str) -> None:
        subject.commands.cancel((sent,))
        subject.settle()
        assert rejections(subject) == [(sent, Rejection.REGISTERED)]
        subject.commands.forget((sent,))
        subject.settle()
        assert is_gone(subject, sent)

    def test_the_message_of_a_sent_call_is_sent_again_and_nothing_else(self, subject: Subject, sent: str) -> None:
        before = last(subject, sent)
        subject.commands.hold(held=True)
        subject.commands.announce((sent,))
        subject.settle()
        waiting = last(subject, sent)
        assert (waiting.state, waiting.announced_at, waiting.etag) == (State.QUEUED, None, before.etag)
        assert waiting.registered_at == before.registered_at
        subject.commands.hold(held=False)
        subject.send_all()
        assert last(subject, sent).state is State.DONE
        assert not rejections(subject)

    def test_nothing_is_sent_while_held(self, subject: Subject, draft: str) -> None:
        subject.commands.hold(held=True)
        subject.commands.send((draft,), DETAILS)
        subject.settle()
        assert last(subject, draft).state is State.QUEUED
        subject.commands.hold(held=False)
        subject.send_all()
        assert last(subject, draft).state is State.DONE

    def test_sent_calls_are_paged_and_told_of(self, subject: Subject, sent: str) -> None:
        subject.commands.page_sent(0, 10)
        subject.commands.tell((sent,))
        subject.settle()
        page = [event for event in subject.events if isinstance(event, SentPage)][-1]
        assert ([job.id for job in page.jobs], page.total) == ([sent], 1)
        assert last(subject, sent).state is State.DONE

    def test_a_settled_file_of_the_watched_folder_becomes_a_draft_once(self, subject: Subject) -> None:
        path = subject.recording("zoom.wav")
        subject.commands.take_watched("first", ())
        subject.settle()
        for settled in (False, True, True):
            subject.commands.take_watched("first", (watched(path, settled=settled),))
            subject.settle()
        drafts = {job.id for job in changes(subject) if job.path == path}
        assert len(drafts) == 1
        job = last(subject, drafts.pop())
        assert (job.state, job.watched, job.send_asked_at) == (State.DRAFT, True, None)

    def test_what_is_there_when_a_watching_begins_becomes_no_draft(self, subject: Subject) -> None:
        path = subject.recording("zoom.wav")
        for _ in range(2):
            subject.commands.take_watched("first", (watched(path, settled=True),))
            subject.settle()
        assert not changes(subject)

    @pytest.mark.parametrize(
        "command", ["describe", "send", "pause", "resume", "retry", "cancel", "announce", "tell", "forget"]
    )
    def test_a_call_that_is_not_here_is_rejected_as_unknown(self, subject: Subject, command: str) -> None:
        commands = subject.commands
        asks: dict[str, Callable[[], None]] = {
            "describe": lambda: commands.describe(("nobody",), DETAILS),
            "send": lambda: commands.send(("nobody",)),
            "pause": lambda: commands.pause(("nobody",)),
            "resume": lambda: commands.resume(("nobody",)),
            "retry": lambda: commands.retry(("nobody",)),
            "cancel": lambda: commands.cancel(("nobody",)),
            "announce": lambda: commands.announce(("nobody",)),
            "tell": lambda: commands.tell(("nobody",)),
            "forget": lambda: commands.forget(("nobody",)),
        }
        asks[command]()
        subject.settle()
        assert rejections(subject) == [("nobody", Rejection.UNKNOWN)]
