"""Files as the world's recorders made or lost them get the verdict that stands beside them in cases.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.recordings.shelf import Shelf

_FOLDER = Path(__file__).parent / "cases"
_CASES: dict[str, dict[str, Any]] = json.loads((_FOLDER / "cases.json").read_text())


def test_every_file_beside_the_table_is_a_case() -> None:
    assert {path.name for path in _FOLDER.iterdir()} == {*_CASES, "cases.json"}


@pytest.mark.parametrize("name", _CASES)
def test_a_file_of_the_world_gets_its_verdict(name: str) -> None:
    case = _CASES[name]

    verdict = Shelf((_FOLDER / name).read_bytes()).verdict_of()

    assert (verdict.verdict, verdict.code, verdict.format) == (case["verdict"], case.get("code"), case.get("format"))
    if "kind" in case:
        assert verdict.params["kind"] == case["kind"]
    if "duration" in case:
        assert verdict.duration_seconds == pytest.approx(case["duration"], abs=case["within"])
