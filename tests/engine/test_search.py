"""The search of sent calls: what a rep may type to find one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callup_desktop.calls.metadata import Details
from callup_desktop.calls.search import SentOrder
from callup_desktop.engine.job import Job, State
from callup_desktop.engine.journal.journal import _ORDERS, Journal, open_journal
from callup_desktop.presentation.rows import matches, sent_key
from callup_desktop.recordings.formats import Format
from callup_desktop.recordings.recording import Recording

_NOW = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)
_RECORDING = Recording(Format.WAV, 1000, 12.5, 2, 48000, 1536000, (), "crc64nvme==", "crc32=")
_LETTERS = st.text(alphabet="aAbBäÄßöÖéÉ%_!.- \n", max_size=6)


def sent(number: int, details: Details, name: str = "call.wav") -> Job:
    at = _NOW + timedelta(minutes=number)
    return Job(
        id=f"550e8400-e29b-41d4-a716-{number:012}",
        state=State.DONE,
        path=Path("calls") / name,
        added_at=_NOW,
        recording=_RECORDING,
        details=details,
        submitted_at=_NOW,
        bucket="bucket",
        key=f"{number}.wav",
        etag="etag",
        uploaded_at=at,
        registered_at=at,
        announced_at=at,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = open_journal(tmp_path / "journal.sqlite3")
    for number, (company, email, kind) in enumerate(
        (
            ("Acme Corp", "john@acme.com", "demo"),
            ("Müller & Söhne", "anna@mueller.de", "sales"),
            ("Acme Corp", "mary@acme.com", "support"),
            ("100% Fun", "joe_x@fun.com", "demo"),
        )
    ):
        made.add(sent(number, Details(company, email, kind), f"Kickoff {number}.wav"))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("acme corp", [2, 0]),
        ("JOHN@", [0]),
        ("mueller.de", [1]),
        ("müller", [1]),
        ("MÜLLER söhne", [1]),
        ("support", [2]),
        ("kickoff 3", [3]),
        ("acme demo", [0]),
        ("demo acme kickoff", [0]),
        ("000000000002", [2]),
        ("550e8400-e29b-41d4-a716-000000000001", [1]),
        ("100%", [3]),
        ("joe_x", [3]),
        ("joe!x", []),
        ("acme globex", []),
        ("  ", [3, 2, 1, 0]),
    ],
)
def test_a_sent_call_is_found_by_every_word_that_a_rep_may_remember(
    journal: Journal, search: str, numbers: list[int]
) -> None:
    found = journal.sent_page(0, 10, search)

    assert [int(job.id[-12:]) for job in found] == numbers
    assert journal.sent_total(search) == len(numbers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(search=_LETTERS, company=_LETTERS, email=_LETTERS)
def test_the_tabs_find_the_same_calls(tmp_path: Path, search: str, company: str, email: str) -> None:
    journal = open_journal(tmp_path / "one.sqlite3")
    job = sent(1, Details(company, email, "demo"))
    journal.remove(job.id)
    journal.add(job)

    assert (journal.sent_total(search) == 1) is matches(job, search)
    journal.close()


def test_calls_that_were_sent_at_the_same_moment_stand_on_one_page_each(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.sqlite3")
    for number in range(9):
        journal.add(replace(sent(number, Details("Acme", "john@acme.com", "demo")), announced_at=_NOW))

    pages = [job.id for offset in range(0, 9, 2) for job in journal.sent_page(offset, 2)]

    assert len(set(pages)) == len(pages) == 9
    journal.close()


@pytest.mark.parametrize("order", list(SentOrder))
def test_every_order_of_sent_calls_has_an_index_and_gives_each_call_once(journal: Journal, order: SentOrder) -> None:
    for number in range(4, 9):
        journal.add(sent(number, Details(("acme CORP", "Zeta")[number % 2], "a@b.com", "demo"), f"KICK {number}.wav"))
    pages = [job for offset in range(0, 9, 2) for job in journal.sent_page(offset, 2, "", order)]
    plan = journal._db.execute(
        f"EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE state = 'done' ORDER BY {_ORDERS[order]} LIMIT 2"  # noqa: S608 - constants
    ).fetchall()

    assert len({job.id for job in pages}) == len(pages) == 9
    assert [sent_key(job, order) for job in pages] == sorted(sent_key(job, order) for job in pages)
    assert "USING INDEX" in plan[0][-1], plan
    assert not any("TEMP B-TREE FOR ORDER BY" in step[-1] for step in plan), plan
