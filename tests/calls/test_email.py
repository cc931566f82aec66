"""Ordinary addresses are taken without the library for all the others, which knows the rules: both always agree."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from callup_desktop.calls.metadata import Details, problems_of

_LOCAL = st.text("aZ9._+-'ü ", min_size=1, max_size=12)
_LONG = st.integers(min_value=1, max_value=70).map(lambda length: "a" * length)
_LABEL = st.text("aZ9-ü", min_size=1, max_size=6) | _LONG | st.sampled_from(["xn--4ca", "a--b"])
_LAST = st.sampled_from(["com", "de", "COM", "museum", "c0m", "c", "12", *SPECIAL_USE_DOMAIN_NAMES])
ADDRESSES = st.builds(
    lambda local, labels, last: f"{local}@{'.'.join([*labels, last])}",
    _LOCAL | _LONG,
    st.lists(_LABEL, min_size=0, max_size=4),
    _LAST,
)


def is_taken_by_the_library(address: str) -> bool:
    try:
        validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


@pytest.mark.slow
@given(ADDRESSES)
@settings(max_examples=300, deadline=None)
def test_an_address_is_taken_exactly_where_the_library_takes_it(address: str) -> None:
    problems = problems_of(Details("Acme", address, "demo"), ("demo",))
    assert (not problems) is is_taken_by_the_library(address)
