"""What the profile's patterns read out of names, and that none of them can hold up the window."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callup_desktop.calls.metadata import Details
from callup_desktop.config.name_rules import Group, NamePattern, PatternError
from callup_desktop.files.identity import FileIdentity
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.name_rules import NameRules, ReadName
from callup_desktop.presentation.rows import RowWriter
from tests.ui import samples
from tests.ui.fake_engine import CALL_TYPES, NOW

ZOOM = r"^(?P<date>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}\.\d{2}\.\d{2}) (?P<company>[^/]+)/"
UNDERSCORES = r"^(?P<company>\w+?)__(?P<type>\w+?)__(?P<email>[^ ]+@[^ ]+)$"


def read(path: str, *patterns: str) -> ReadName:
    return NameRules(patterns, CALL_TYPES).read(PurePath(path))


def test_a_name_gives_company_type_and_address() -> None:
    found = read("calls/Acme_Corp__Demo__john@acme.com.mp3", UNDERSCORES)

    assert found.details == Details("Acme Corp", "john@acme.com", "demo")


def test_a_pattern_with_a_slash_reads_the_folder_too_where_zoom_writes_the_meeting() -> None:
    found = read("Zoom/2026-11-20 10.05.09 Acme Corp/audio_only.m4a", ZOOM)

    assert found == ReadName(Details("Acme Corp"), date(2026, 11, 20), time(10, 5, 9))


def test_a_pattern_without_one_never_sees_the_folder() -> None:
    assert read("Acme/notes.mp3", r"^(?P<company>Acme)") == ReadName()


def test_the_first_pattern_that_is_found_counts() -> None:
    patterns = (r"^first (?P<company>\w+)", r"(?P<company>\w+)$")

    assert read("first Acme Corp.mp3", *patterns).details.company_name == "Acme"
    assert read("other Globex.mp3", *patterns).details.company_name == "Globex"


def test_a_type_that_the_company_does_not_have_is_left_out() -> None:
    assert read("Acme party.mp3", r"(?P<company>\w+) (?P<type>\w+)").details == Details("Acme")


def test_accents_that_a_mac_writes_apart_are_read() -> None:
    name = unicodedata.normalize("NFD", "Café Müller demo.mp3")

    assert read(name, r"^(?P<company>Café .+) demo$").details.company_name == "Café Müller"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026_11_20", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("20.11.2026", date(2026, 11, 20)),
        ("2026.11.20", date(2026, 11, 20)),
        ("2026-13-20", None),
        ("11-20-2026", None),
    ],
)
def test_days_are_read_in_orders_that_cannot_be_mistaken(text: str, found: date | None) -> None:
    assert read(f"{text}.mp3", r"(?P<date>.+)").day == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10-05-09", time(10, 5, 9)),
        ("10.05", time(10, 5)),
        ("100509", time(10, 5, 9)),
        ("1005", time(10, 5)),
        ("103", None),
        ("25.00", None),
    ],
)
def test_times_of_day_are_read(text: str, found: time | None) -> None:
    assert read(f"{text}.x.mp3", r"(?P<time>.+)\.x").clock == found


def test_several_names_give_what_they_say_alike() -> None:
    rules = NameRules((r"^(?P<company>\w+) (?P<type>\w+)",), CALL_TYPES)

    assert rules.shared(map(PurePath, ("Acme demo 1.mp3", "Acme demo 2.mp3"))) == Details("Acme", "", "demo")
    assert rules.shared(map(PurePath, ("Acme demo.mp3", "Acme sales.mp3"))) == Details("Acme")
    assert rules.shared(map(PurePath, ("Acme demo.mp3", "Globex demo.mp3"))) is None
    assert rules.shared(map(PurePath, ("x.mp3", "y.mp3"))) is None


def test_a_pattern_that_would_take_for_ever_elsewhere_is_read_at_once() -> None:
    # 255 characters, the longest name, are more than the age of the universe for a search that goes back and forth.
    found = read("a" * 255 + ".mp3", r"^(?P<company>(a+)+)$", r"(?P<company>(a|aa)+)$")
    assert found.details.company_name == "a" * 255
    assert read("a" * 255 + "!.mp3", r"^(?P<company>((a+)+)+)$") == ReadName()


@pytest.mark.parametrize("pattern", [r"(?P<company>x)\1", r"(?=x)(?P<company>y)", r"(?<!x)(?P<company>y)", "(?P<a>("])
def test_what_cannot_be_read_in_time_that_grows_with_the_name_alone_is_not_taken(pattern: str) -> None:
    with pytest.raises(PatternError) as raised:
        NamePattern(pattern)
    assert pattern not in str(raised.value)


@pytest.mark.slow
@given(st.lists(st.sampled_from(["(a+)+", "(a|a)*", "(.*)*", "a?", "(a{1,30}){1,30}", "$"]), min_size=1, max_size=6))
def test_no_pattern_that_is_taken_fails_on_a_name(parts: Sequence[str]) -> None:
    try:
        pattern = NamePattern(f"(?P<company>{''.join(parts)})!")
    except PatternError:
        return
    assert pattern.read("a" * 255) is None
    found = pattern.read("a" * 255 + "!")
    assert found is None or set(found) <= {Group.COMPANY}


# --- when the call was -----------------------------------------------------------------------------------------------


def recorded(name: str, *patterns: str) -> str:
    rows = RowWriter(Messages(), CALL_TYPES, lambda: NOW, NameRules(patterns, CALL_TYPES))
    written = datetime(2026, 11, 19, 9, 30).astimezone()
    identity = FileIdentity(1, int(written.timestamp() * 1e9), 1, 1)
    return rows.recorded(replace(samples.draft("d", name, 1, 1), identity=identity))


def test_the_form_says_when_the_call_was_by_its_name_or_else_by_its_file() -> None:
    pattern = r"^(?P<date>\d{8})(-(?P<time>\d{4}))?"

    assert recorded("20261118-1005 Acme.mp3", pattern) == "18 November, 10:05"
    assert recorded("20261118 Acme.mp3", pattern) == "18 November"
    assert recorded("Acme.mp3", pattern) == "19 November, 09:30"
