"""Searching, and what the pane shows of calls that are filtered out, removed or sent."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from callup_desktop.engine.events import JobChanged, SentPage
from callup_desktop.engine.job import State
from callup_desktop.presentation.rows import Tab
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig
from tests.ui.fake_engine import NOW

Make = Callable[..., tuple[Path, ...]]
NOTHING = "Nothing selected"


def with_jobs(rig: Rig) -> Rig:
    rig.engine.jobs = {job.id: job for job in samples.working()}
    rig.engine.sent = samples.sent()
    return rig.start()


def search(rig: Rig, text: str) -> None:
    field = rig.lists.search
    field.setFocus()
    field.selectAll()
    rig.keys(field, text)
    rig.qtbot.waitUntil(lambda: not rig.lists._search_timer.isActive(), timeout=WITHIN)
    rig.settle()


def title(rig: Rig) -> str:
    pane = rig.page.detail_pane
    return pane._title.text() if pane.isVisible() else ""


def test_a_drop_while_searching_shows_the_new_file(rig: Rig, recordings: Make) -> None:
    with_jobs(rig)
    search(rig, "globex")
    assert rig.names() == ["globex-demo.mp3"]

    rig.drop(*recordings("Hooli.wav"))
    rig.wait_jobs(len(samples.working()) + 1)

    assert "Hooli.wav" in rig.names()
    assert [job.path.name for job in rig.lists.view.selected_jobs()] == ["Hooli.wav"]
    assert rig.lists.search.text() == ""
    assert rig.lists.search.hasFocus()


def test_a_drop_of_what_the_search_finds_leaves_the_search(rig: Rig, recordings: Make) -> None:
    with_jobs(rig)
    search(rig, "globex")

    rig.drop(*recordings("globex-2.wav"))
    rig.wait_jobs(len(samples.working()) + 1)

    assert rig.names() == ["globex-demo.mp3", "globex-2.wav"]
    assert rig.lists.search.text() == "globex"


@pytest.mark.parametrize("tab", [Tab.LIVE, Tab.SENT])
def test_escape_clears_the_search_at_once(rig: Rig, tab: Tab) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(tab)
    everything = rig.lists.view.model().rowCount()
    search(rig, "globex demo")
    assert rig.names() == ["globex-demo.mp3"]

    rig.key(rig.lists.search, Qt.Key.Key_Escape)

    assert rig.lists.search.text() == ""
    assert rig.lists.view.model().rowCount() == everything
    assert rig.lists.search.hasFocus()


def test_the_key_that_removes_the_last_letter_waits_for_no_search(rig: Rig) -> None:
    with_jobs(rig)
    everything = rig.lists.live.rowCount()
    search(rig, "globex")
    field = rig.lists.search
    field.selectAll()

    QTest.keyClick(field, Qt.Key.Key_Backspace)

    assert field.text() == ""
    assert rig.names() == ["globex-demo.mp3"]
    rig.qtbot.waitUntil(lambda: rig.lists.live.rowCount() == everything, timeout=WITHIN)


def test_a_sent_call_is_found_by_its_email_its_type_and_its_id(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(Tab.SENT)
    for text in ("mary@globex.com", "globex demo", "demo mp3"):
        search(rig, text)
        assert rig.names() == ["globex-demo.mp3"], text
    search(rig, samples.CALL_ID)

    assert rig.names() == ["Acme quarterly review.wav"]


def test_a_draft_that_the_search_hides_leaves_the_form_and_cannot_be_sent_unseen(rig: Rig) -> None:
    rig.engine.jobs = {"a": samples.draft("a", "one.wav", 1, 1, samples.ACME)}
    rig.start()
    rig.lists.view.select(("a",))
    rig.settle()
    assert rig.page.form.isVisible()

    search(rig, "globex")
    rig.key(rig.lists.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert title(rig) == NOTHING
    assert rig.engine.jobs["a"].state is State.DRAFT


def test_what_the_search_still_finds_stays_selected_and_what_was_typed_stays(rig: Rig) -> None:
    rig.engine.jobs = {name: samples.draft(name, f"{name}.wav", 1, 1) for name in ("globex", "acme")}
    rig.start()
    rig.lists.view.select(("globex",))
    rig.settle()
    rig.keys(rig.page.form.company, "Globex")

    search(rig, "globex")

    assert rig.page.form.ids == ("globex",)
    assert rig.page.form.company.text() == "Globex"


@pytest.mark.parametrize("tab", [Tab.LIVE, Tab.SENT])
def test_a_call_that_the_search_hides_leaves_the_pane(rig: Rig, tab: Tab) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(tab)
    rig.settle()
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    assert title(rig) not in {NOTHING, ""}

    search(rig, "globex")

    assert title(rig) == NOTHING


def test_a_call_that_was_removed_leaves_the_pane(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.view.select(("b",))
    rig.settle()
    rig.engine.cancel(("b",))
    rig.settle()
    assert title(rig) == NOTHING

    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    rig.engine.forget((samples.CALL_ID,))
    rig.settle()
    assert title(rig) == NOTHING


def test_a_call_that_no_longer_needs_the_rep_leaves_the_pane_of_that_list(rig: Rig) -> None:
    rig.engine.jobs = {job.id: job for job in samples.offline()}
    rig.start()
    rig.lists.tabs.choose(Tab.NEEDS)
    rig.settle()
    rig.lists.view.select(("c",))
    rig.settle()
    assert title(rig) == "Initech onboarding call.m4a"

    rig.engine.retry(("c",))
    rig.settle()

    assert rig.names() == []
    assert title(rig) == NOTHING


def test_a_receipt_stays_until_a_search_hides_its_call_or_it_is_taken_off_the_list(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.view.select(("b",))
    rig.settle()
    rig.engine.finish("b")
    rig.settle()
    assert title(rig) == "Sent"

    search(rig, "globex")
    assert title(rig) == "Sent"
    search(rig, "initech")
    assert title(rig) == NOTHING


def test_the_receipt_of_a_call_that_is_forgotten_elsewhere_leaves_the_pane(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.view.select(("b",))
    rig.settle()
    rig.engine.finish("b")
    rig.settle()

    rig.engine.forget(("b",))
    rig.settle()

    assert title(rig) == NOTHING


def test_a_call_sent_while_the_rep_searches_appears_only_if_it_is_found_and_leaves_the_selection(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(Tab.SENT)
    search(rig, "acme")
    rig.lists.view.select((samples.CALL_ID,))
    rig.settle()
    before = rig.names()

    rig.engine.finish("b")
    rig.settle()
    assert rig.names() == before
    assert title(rig) == "Sent"

    rig.engine.jobs["x"] = replace(samples.working()[0], id="x")
    rig.engine.start()
    search(rig, "acme")
    rig.engine.finish("x")
    rig.settle()
    assert len(rig.names()) == len(before) + 1


def test_a_row_that_is_read_after_it_was_selected_comes_into_the_pane(rig: Rig) -> None:
    with_jobs(rig)
    sent = rig.engine.sent
    unread = [replace(sent[0], id=f"more-{number}") for number in range(300)]
    rig.engine.sent = []
    rig.engine.start()
    rig.window.on_reported(SentPage(0, "", tuple(unread[:100]), 300))
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    view = rig.lists.view
    view.setCurrentIndex(view.model().index(250, 0))
    assert title(rig) == "1 call selected"

    rig.window.on_reported(SentPage(200, "", tuple(unread[200:]), 300))

    assert title(rig) == "Sent"
    assert rig.page.detail_pane._ids == ("more-250",)


def test_calls_that_were_sent_long_ago_keep_their_places_while_others_are_sent(rig: Rig) -> None:
    with_jobs(rig)
    rig.lists.tabs.choose(Tab.SENT)
    model = rig.lists.sent
    before = {job.id: model.place_of(job.id) for job in rig.engine.sent[:100]}

    for job_id in (samples.CALL_ID, "b"):
        rig.engine.jobs[f"new-{job_id}"] = replace(rig.engine.jobs[job_id], id=f"new-{job_id}", added_at=NOW)
        rig.engine.start()
        rig.engine.finish(f"new-{job_id}")
        rig.settle()

    assert model.rowCount() == 150
    assert all(job.id == rig.engine.sent[place].id for place in range(100) if (job := model.job_at(place)) is not None)
    assert len(before) == 100


def names_of(rig: Rig) -> list[str]:
    return [job.path.name for place in range(rig.lists.sent.rowCount()) if (job := rig.lists.sent.job_at(place))]


def choose_order(rig: Rig, text: str) -> None:
    menu = rig.lists.order.menu()
    menu.popup(rig.window.mapToGlobal(rig.window.rect().center()))
    entry = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(entry).center()
    )
    rig.settle()


def test_sent_calls_are_sorted_and_one_that_arrives_comes_to_its_place(rig: Rig) -> None:
    known = samples.sent()[0]
    assert known.recording is not None
    made = [("c.wav", "beta", 2), ("b.wav", "Acme", 1), ("a.wav", "acme", 3), ("d.wav", "Zeta", 4)]
    rig.engine.sent = [
        replace(
            known,
            id=name,
            path=Path(name),
            details=replace(known.details, company_name=company),
            recording=replace(known.recording, size=size),
        )
        for name, company, size in made
    ]
    rig.start()
    assert not rig.lists.order.isVisible()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    assert rig.lists.order.isVisible()
    assert names_of(rig) == ["c.wav", "b.wav", "a.wav", "d.wav"]

    for text, names in (
        ("Oldest first", "dabc"),
        ("By file name", "abcd"),
        ("Largest first", "dacb"),
        ("By company", "bacd"),
    ):
        choose_order(rig, text)
        assert "".join(name[0] for name in names_of(rig)) == names
        assert rig.lists.order.accessibleName() == f"Order: {text}"

    live = replace(rig.engine.sent[0], id="new", path=Path("n.wav"), state=State.RUNNING)
    rig.window.on_reported(JobChanged(live))
    rig.window.on_reported(JobChanged(replace(live, state=State.DONE)))
    rig.settle()

    assert "".join(name[0] for name in names_of(rig)) == "bancd"
    assert rig.lists.sent.place_of("new") == 2


def test_a_call_that_arrives_between_pages_that_are_not_read_gets_its_place_when_it_is_looked_at(rig: Rig) -> None:
    known = samples.sent()[0]
    rig.engine.sent = [
        replace(known, id=f"call-{n}", details=replace(known.details, company_name=f"{n:04}")) for n in range(1000)
    ]
    rig.start()
    rig.lists.tabs.choose(Tab.SENT)
    rig.settle()
    choose_order(rig, "By company")
    new = replace(known, id="new", details=replace(known.details, company_name="0500 and more"))
    rig.engine.sent.insert(0, new)
    rig.window.on_reported(JobChanged(replace(new, state=State.RUNNING)))
    rig.window.on_reported(JobChanged(new))
    rig.settle()

    rig.lists.view.scrollTo(rig.lists.sent.index(501, 0))
    rig.settle()

    assert rig.lists.sent.rowCount() == 1001
    read = [job.id for job in rig.lists.sent.read_between(0, 1000)]
    assert len(read) == len(set(read))
    assert rig.lists.sent.place_of("new") == 501
    assert rig.lists.sent.place_of("call-501") == 502
