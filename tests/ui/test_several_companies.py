"""Files of several companies: no company is offered for all of them, each call gets that of its own name."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from PySide6.QtCore import Qt

from callup_desktop.calls.metadata import Details
from callup_desktop.engine.job import Job, State
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.name_suggestions import NameReader
from callup_desktop.ui.form.each_dialog import EachDialog
from tests.ui import samples
from tests.ui.conftest import WITHIN, Rig
from tests.ui.fake_engine import CALL_TYPES

Make = Callable[..., tuple[Path, ...]]
COMPANIES = ("Acme", "Globex", "Initech", "Umbrella", "Hooli", "Stark", "Wayne", "Cyberdyne")


def drafts(count: int) -> dict[str, Job]:
    """The first twenty names are of one company."""
    names = [f"Acme-{number:04}.wav" for number in range(20)]
    names += [f"{COMPANIES[number % 8]}-{number:04}.wav" for number in range(20, count)]
    return {name: samples.draft(name, name, 1 + index / 1000, 60) for index, name in enumerate(names)}


def select_all(rig: Rig) -> None:
    rig.lists.view.setFocus()
    rig.key(rig.lists.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)


def preview(rig: Rig) -> EachDialog:
    rig.click(rig.page.form.offers.each.button)
    dialog = rig.dialog
    assert isinstance(dialog, EachDialog)
    return dialog


def shown(dialog: EachDialog) -> list[str]:
    model = dialog.view.model()
    return [str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(model.rowCount())]


def test_two_thousand_files_of_eight_companies_get_no_common_company_and_each_its_own(rig: Rig) -> None:
    rig.engine.jobs = drafts(2000)
    rig.start()
    select_all(rig)
    offers = rig.page.form.offers
    rig.qtbot.waitUntil(offers.each.isVisible, timeout=WITHIN)
    assert not offers.named.isVisible()
    assert not offers.last.isVisible()
    assert (offers.each._reason.text(), offers.each.button.text()) == (
        "Several companies:",
        "fill each from its name…",
    )

    dialog = preview(rig)

    assert len(shown(dialog)) == 2000
    assert shown(dialog)[0] == "Acme-0000.wav: Acme Corp: john@acme.com"
    assert {job.details for job in rig.engine.jobs.values()} == {Details()}
    rig.click(dialog.fill_button)
    found = Counter(job.details.company_name for job in rig.engine.jobs.values())
    assert sorted(found) == ["Acme Corp", "Cyberdyne", "Globex", "Hooli", "Initech", "Stark", "Umbrella", "Wayne"]
    assert all(name.split("-")[0] in job.details.company_name for name, job in rig.engine.jobs.items())
    assert rig.page.form.company.placeholderText() == "several values"
    assert not offers.each.isVisible()


def test_a_key_waits_for_some_of_thousands_of_names_not_for_all(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    reading = NameReader.read_some

    def read_some(names: NameReader, paths: Iterable[PurePath], most: int) -> bool:
        before = len(names._read)
        done = reading(names, paths, most)
        read.append(len(names._read) - before)
        return done

    monkeypatch.setattr(NameReader, "read_some", read_some)
    rig.engine.jobs = drafts(900)
    rig.start()

    select_all(rig)
    rig.qtbot.waitUntil(rig.page.form.offers.each.isVisible, timeout=WITHIN)

    assert sum(read) == 900
    assert max(read) <= 200


def test_a_preview_that_is_cancelled_fills_in_nothing(rig: Rig) -> None:
    rig.engine.jobs = drafts(40)
    rig.start()
    select_all(rig)

    rig.key(preview(rig), Qt.Key.Key_Escape)

    assert {job.details for job in rig.engine.jobs.values()} == {Details()}


def test_what_the_rep_entered_stays_and_gets_no_other_company_s_contact(rig: Rig) -> None:
    own = Details("Soylent", "", "sales")
    jobs = (
        samples.draft("a", "Acme-1.wav", 1, 60),
        samples.draft("g", "Globex-support.wav", 2, 60),
        samples.draft("s", "Acme-2.wav", 3, 60, own),
        samples.draft("n", "rec_003.wav", 4, 60),
    )
    rig.engine.jobs = {job.id: job for job in jobs}
    rig.start()
    select_all(rig)

    dialog = preview(rig)
    rig.click(dialog.fill_button)

    assert [job.details for job in rig.engine.jobs.values()] == [
        Details("Acme Corp", "john@acme.com", ""),
        Details("Globex", "mary@globex.com", "support"),
        own,
        Details(),
    ]


def test_calls_that_were_filled_in_are_sent_without_another_look_at_the_form(rig: Rig) -> None:
    rig.engine.jobs = {
        job.id: job for job in (samples.draft("a", "Acme-1.wav", 1, 60), samples.draft("g", "Globex-2.wav", 2, 60))
    }
    rig.engine.files_at_once = 2
    rig.start()
    select_all(rig)
    rig.click(preview(rig).fill_button)
    rig.click(rig.page.form.call_type.buttons[0])

    rig.click(rig.page.form.send_button)

    assert [(job.state, job.details) for job in rig.engine.jobs.values()] == [
        (State.RUNNING, Details("Acme Corp", "john@acme.com", "demo")),
        (State.RUNNING, Details("Globex", "mary@globex.com", "demo")),
    ]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Acme demo.wav", "Acme.wav"), Details("Acme Corp", "john@acme.com", "")),
        (("Hooli gavin@hooli.com.wav", "Hooli.wav"), Details("Hooli", "", "")),
        (("Hooli gavin@hooli.com.wav", "Hooli 2 gavin@hooli.com.wav"), Details("Hooli", "gavin@hooli.com", "")),
        (("Acme.wav",) * 20 + ("Globex.wav",), None),
        (("Acme.wav", "rec_003.wav"), None),
    ],
)
def test_only_what_every_name_suggests_is_offered_for_all(names: tuple[str, ...], found: Details | None) -> None:
    assert NameReader(samples.PAST, CALL_TYPES, NameRules()).shared(map(PurePath, names)) == found


def test_a_company_that_is_typed_for_all_is_a_decision_and_ends_the_offer(rig: Rig) -> None:
    rig.engine.jobs = drafts(40)
    rig.start()
    select_all(rig)
    rig.page.form.company.setFocus()

    rig.keys(rig.page.form.company, "Soylent")
    rig.settle()

    assert not rig.page.form.offers.each.isVisible()


def test_of_two_companies_in_a_name_the_one_in_full_is_meant_and_the_newest_contact() -> None:
    past = (samples.GLOBEX, samples.ACME, replace(samples.ACME, contact_email="old@acme.com"))

    assert NameReader(past, CALL_TYPES, NameRules()).details(PurePath("acme and globex.wav")).company_name == "Globex"
    assert NameReader(past, CALL_TYPES, NameRules()).details(PurePath("acme.wav")).contact_email == "john@acme.com"
