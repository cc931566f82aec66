"""`callup update`: what an admin reads, and what a script gets."""

from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.cli.console import Callup, profile_with

NOWHERE = {"update_url": "http://127.0.0.1:9/", "update_root": "0" * 64}


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)


def test_without_a_place_to_look_there_is_nothing_to_tell(callup: Callup) -> None:
    answer = callup("update", "--json")

    assert answer.code == 0
    assert answer.values[0]["outcome"] == "updates_off"


def test_a_repository_that_cannot_be_reached_is_a_sentence_and_an_exit_code(
    home: Path, sandbox: Running, tmp_path: Path
) -> None:
    callup = Callup(home, profile_with(tmp_path / "profile", sandbox, **NOWHERE))
    answer = callup("update")

    assert answer.code == 1
    assert "cannot be reached" in answer.out
