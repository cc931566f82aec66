"""What file names and Zoom's folders suggest as company and call type."""

from pathlib import PurePath

import pytest

from callup_desktop.calls.metadata import Details
from callup_desktop.presentation.company_names import CompanyNames, call_types_in
from callup_desktop.presentation.name_rules import NameRules
from callup_desktop.presentation.name_suggestions import NameReader
from tests.ui import samples
from tests.ui.fake_engine import CALL_TYPES

PAST = (
    Details("Global Foods", "ann@foods.com", "sales"),
    Details("Global Dynamics", "bob@dynamics.com", "sales"),
    Details("Bank of America", "joe@boa.com", "demo"),
    Details("Meeting Masters", "mia@masters.com", "demo"),
    Details("The Sales Company", "sam@sales.com", "demo"),
    Details("Acme Corp", "john@acme.com", "demo"),
    Details("Müller & Söhne", "anna@mueller.de", "demo"),
    Details("AT&T", "kim@att.com", "demo"),
    Details("3M", "lee@3m.com", "demo"),
)
NAMES = CompanyNames(PAST)
ZOOM = "Zoom/2026-11-20 10.15.00"


@pytest.mark.parametrize(
    "name",
    [
        *("audio_only.m4a", "Audio Only.m4a", "video.mp3", "video1234567.m4a", "zoom_0.m4a", "Meeting Recording.wav"),
        *("call 2026-11-20.mp3", "call.mp3", "recording_003.wav", "GMT20261120-101500_Recording.m4a", "demo call.wav"),
        *("Aufnahme 3.m4a", "New Recording 12.m4a", "audio_only_1.m4a", "voice memo.m4a", "rec-2.wav", "1.wav"),
    ],
)
def test_a_general_name_suggests_nothing(name: str) -> None:
    assert NAMES.guess(PurePath(name)) == ""
    assert NAMES.guess(PurePath("home/rep/Downloads") / name) == ""


@pytest.mark.parametrize(
    ("path", "company"),
    [
        ("Global Foods kickoff.mp3", "Global Foods"),
        ("global_dynamics 2.mp3", "Global Dynamics"),
        ("2026-11-20 call with Bank of America.mp3", "Bank of America"),
        ("meeting masters intro.wav", "Meeting Masters"),
        ("Müller & Söhne.wav", "Müller & Söhne"),
        ("Müller Söhne Demo.wav", "Müller & Söhne"),
        ("AT&T renewal.wav", "AT&T"),
        ("Acme-kickoff.wav", "Acme Corp"),
        ("acme corp.wav", "Acme Corp"),
    ],
)
def test_a_company_of_several_words_is_known_from_past_calls(path: str, company: str) -> None:
    assert NAMES.guess(PurePath(path)) == company


@pytest.mark.parametrize("name", ["Global kickoff.mp3", "global demo 2.wav"])
def test_half_a_name_that_fits_two_companies_suggests_neither(name: str) -> None:
    assert NAMES.guess(PurePath(name)) == ""


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("meeting 3.mp3", ""),
        ("the call.mp3", ""),
        ("sales demo.wav", ""),
        ("Commerzbank Austria.wav", "Commerzbank"),
        ("of America.wav", "America"),
    ],
)
def test_a_common_word_or_a_later_word_of_a_name_does_not_stand_for_the_company(name: str, company: str) -> None:
    assert NAMES.guess(PurePath(name)) == company


def test_of_two_companies_in_full_the_first_one_counts() -> None:
    assert NAMES.guess(PurePath("Global Foods and Global Dynamics.wav")) == "Global Foods"


@pytest.mark.parametrize(
    ("path", "company"),
    [
        (f"{ZOOM} Initech quarterly review 84512345678/audio_only.m4a", "Initech"),
        (f"{ZOOM} Bank of America demo 84512345678/audio1234567.m4a", "Bank of America"),
        ("recordings/Acme Corp/audio_only.m4a", "Acme Corp"),
        (f"{ZOOM} Initech review/Globex.m4a", "Globex"),
        (f"{ZOOM} John Smith's Zoom Meeting 84512345678/audio_only.m4a", ""),
        (f"{ZOOM} John Smith’s Personal Meeting Room/audio_only.m4a", ""),  # noqa: RUF001 - the apostrophe of typographers
        (f"{ZOOM} Zoom-Meeting von Anna Muster/audio_only.m4a", ""),
        ("home/jane/audio_only.m4a", ""),
        ("home/rep/Documents/call.mp3", ""),
    ],
)
def test_the_folder_is_read_where_it_names_a_company_or_the_topic_of_a_meeting(path: str, company: str) -> None:
    assert NAMES.guess(PurePath(path)) == company


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("Acme demo.wav", {"demo"}),
        ("acme_support_2.wav", {"support"}),
        ("democracy.wav", set()),
        (f"{ZOOM} Acme Demo/audio_only.m4a", {"demo"}),
        ("sales/rec_003.wav", set()),
    ],
)
def test_a_call_type_is_a_word_of_the_name_or_of_the_topic(path: str, kinds: set[str]) -> None:
    assert call_types_in(PurePath(path), CALL_TYPES) == kinds


def test_a_recording_of_zoom_brings_company_contact_and_type_from_its_folder() -> None:
    path = PurePath(f"{ZOOM} Globex support 84512345678/audio_only.m4a")

    assert NameReader(samples.PAST, CALL_TYPES, NameRules()).shared((path,)) == Details(
        "Globex", "mary@globex.com", "support"
    )
