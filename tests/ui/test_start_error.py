"""A program that cannot start says why in a box on a real screen, in the rep's language."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.screen import WITHIN, environ, only_linux, screen

pytestmark = only_linux


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.mark.parametrize(
    ("locale", "beginning", "close"),
    [
        ("en_GB.UTF-8", "The profile {file} can't be used: ", "Close"),
        ("de_DE.UTF-8", "Das Profil {file} kann nicht verwendet werden: ", "Schließen"),
    ],
)
def test_a_profile_that_cannot_be_used_is_a_sentence_in_a_box_until_the_rep_closes_it(
    display: str, home: Path, tmp_path: Path, locale: str, beginning: str, close: str
) -> None:
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    every = environ(display, home, LANG=locale).items()
    environment = {name: value for name, value in every if name == "LANG" or not name.startswith(("LC_", "LANG"))}

    program = subprocess.run(
        [sys.executable, "-m", "tests.ui.box_reader", "--profile", str(path)],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )

    assert program.returncode == 78, program.stderr
    (line,) = program.stdout.splitlines()
    box = json.loads(line)
    assert (box["platform"], box["title"], box["button"]) == ("xcb", "CallUp Desktop", close)
    assert box["text"].startswith(beginning.format(file=path))
    assert "'colour'" in box["text"]
    assert box["text"] in program.stderr
    assert box["copied"] == box["text"]
