"""docs/failures.md says of every code who acts, and the sentence; docs/troubleshooting.md what to do about it."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callup_desktop.engine.errors import CATALOGUE, Actor, info_of
from callup_desktop.engine.job import Trouble
from callup_desktop.presentation.messages import Messages
from tools import translations

_DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "failures.md"
_ADVICE = _DOCUMENT.with_name("troubleshooting.md")
_ACTORS = {Actor.NOBODY: "nobody", Actor.REP: "the rep", Actor.IT: "IT"}
_OR = " or: "


def table_rows(columns: int) -> Iterator[tuple[str, ...]]:
    """The rows of all tables with so many columns, without their heads."""
    for line in _DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if line.startswith("|") and len(cells) == columns and cells[0] not in {"code", "seen when", "---"}:
            yield cells


def told() -> dict[str, tuple[str, str]]:
    """Who acts, and the sentences, by code."""
    return {code.strip("`"): (actor, sentences) for code, _signal, actor, sentences, _then in table_rows(5)}


def sources() -> set[str]:
    """Every text that is said anywhere."""
    tree = ElementTree.parse(translations.FOLDER / "callup_de.ts")  # noqa: S314 - our own file
    return {message.findtext("source", "") for message in tree.getroot().iter("message")}


def test_every_code_has_one_row_and_every_row_a_code() -> None:
    codes = [cells[0].strip("`") for cells in table_rows(5)]

    assert sorted(codes) == sorted(map(str, CATALOGUE))


@pytest.mark.parametrize("code", [str(code) for code in CATALOGUE])
def test_a_row_says_who_acts_and_what_the_rep_reads(code: str) -> None:
    sentence = Messages().sentence(Trouble(code, datetime.now(UTC)))
    actor, sentences = told()[code]

    assert actor == _ACTORS[info_of(code).actor]
    assert sentences.split(_OR)[0] == sentence


def test_every_code_has_its_advice_in_one_row() -> None:
    rows = [
        line.strip("|").split("|") for line in _ADVICE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    codes = [code for cells in rows for code in re.findall(r"`(\w+)`", cells[0])]

    assert sorted(codes) == sorted(map(str, CATALOGUE))
    assert [cells for cells in rows if len(cells) != 3 or not all(cell.strip() for cell in cells)] == []
    nobody_acts = [cells[0] for cells in rows if [cell.strip() for cell in cells[1:]] == ["nothing", "nothing"]]
    assert nobody_acts == []


def test_every_sentence_is_one_that_the_program_says() -> None:
    known = sources()
    written = [sentences for *_cells, sentences, _then in table_rows(5)] + [cells[1] for cells in table_rows(2)]

    assert [sentence for cell in written for sentence in cell.split(_OR) if sentence not in known] == []
