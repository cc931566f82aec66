"""What Explorer's Details page says."""

import pytest

from installers.windows_version import four, strings, version_file


def test_a_version_of_three_numbers_becomes_four() -> None:
    assert four("1.20.3") == (1, 20, 3, 0)


def test_a_version_that_windows_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="3rc1"):
        four("1.2.3rc1")


def test_each_program_says_its_own_name() -> None:
    text = version_file("callup", "1.2.3")

    assert "StringStruct('OriginalFilename', 'callup.exe')" in text
    assert "filevers=(1, 2, 3, 0)" in text
    assert strings("callup-desktop", "1.2.3")["FileDescription"] == "CallUp Desktop"
