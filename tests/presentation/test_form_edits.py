"""What becomes of a text that is typed for several drafts at once."""

from dataclasses import replace

from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.engine.commands import DetailsChange
from callup_desktop.engine.job import Job
from callup_desktop.presentation.form_edits import DetailsEdit, FormEdits
from callup_desktop.presentation.form_values import Offers, offers_for
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.name_suggestions import NameReader
from tests.ui import samples
from tests.ui.fake_engine import CALL_TYPES

NAMES = NameReader(samples.PAST, CALL_TYPES, NameRules())
HOOLI = samples.draft("a", "a.wav", 1, 1, Details("Hooli", "", ""))
ACME = samples.draft("b", "b.wav", 1, 1, Details("Acme", "", ""))
ALSO_HOOLI = samples.draft("c", "c.wav", 1, 1, Details("Hooli", "", ""))


def edits_of(*jobs: Job) -> FormEdits:
    edits = FormEdits(CALL_TYPES)
    edits.select(jobs)
    return edits


def test_a_text_is_saved_once_and_only_what_changed() -> None:
    edits = edits_of(HOOLI, ACME)
    assert edits.enter("contact_email", "john@acme.com")
    assert not edits.enter("contact_email", "john@acme.com")

    assert edits.take_unsaved() == DetailsEdit(("a", "b"), DetailsChange(contact_email="john@acme.com"))
    assert edits.take_unsaved() is None
    assert edits.is_typed("contact_email")
    assert not edits.is_typed("company_name")


def test_a_text_that_is_already_the_value_of_the_calls_is_no_change() -> None:
    edits = edits_of(HOOLI, ALSO_HOOLI)

    assert not edits.enter("company_name", "Hooli")
    assert edits.take_unsaved() is None


def test_an_emptied_field_gives_each_call_its_own_value_back_in_one_edit_for_each_value() -> None:
    edits = edits_of(HOOLI, ACME, ALSO_HOOLI)
    edits.enter("company_name", "X")
    edits.take_unsaved()
    edits.refresh(tuple(replace(job, details=Details("X", "", "")) for job in edits.jobs))

    assert edits.is_restored_by("company_name", "")
    assert edits.restore("company_name") == (
        DetailsEdit(("a", "c"), DetailsChange(company_name="Hooli")),
        DetailsEdit(("b",), DetailsChange(company_name="Acme")),
    )
    assert edits.restore("company_name") == ()
    assert not edits.is_restored_by("contact_email", ""), "the calls had the same value"


def test_other_calls_begin_without_what_was_typed_before() -> None:
    edits = edits_of(HOOLI)
    edits.enter("contact_email", "john")
    edits.select((ACME,))

    assert edits.take_unsaved() is None
    assert edits.problems()["contact_email"] is FieldProblem.MISSING


def test_what_a_rule_of_the_profile_reads_comes_before_what_is_guessed() -> None:
    rules = NameRules((r"^(?P<type>\w+) with (?P<company>.+)$",), CALL_TYPES)
    read = samples.draft("d", "Sales with Globex.wav", 1, 1)
    unread = samples.draft("e", "Acme-kickoff.wav", 1, 1)

    named = offers_for([read], "", (), NameReader((), CALL_TYPES, rules)).named
    assert named == Details("Globex", "", "sales")
    assert offers_for([read], "", samples.PAST, NameReader(samples.PAST, CALL_TYPES, rules)).named == Details(
        "Globex", "mary@globex.com", "sales"
    )
    assert offers_for([unread], "", samples.PAST, NameReader(samples.PAST, CALL_TYPES, rules)).named == Details(
        "Acme Corp", "john@acme.com", ""
    )


def test_the_last_call_is_not_offered_beside_the_same_company_from_the_file_name() -> None:
    named = samples.draft("d", "Acme-kickoff.wav", 1, 1)
    other = samples.draft("e", "rec_003.wav", 1, 1)

    assert offers_for([named], "", samples.PAST, NAMES) == Offers(Details("Acme Corp", "john@acme.com", ""), None)
    assert offers_for([other], "", samples.PAST, NAMES) == Offers(None, samples.ACME)
    assert offers_for([named], "Acme Corp", samples.PAST, NAMES) == Offers(None, None)
