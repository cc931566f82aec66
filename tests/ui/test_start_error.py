"""A program that cannot start says why in a box on a real screen, in the rep's language."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

WITHIN = 60
"""Seconds in which a process has to end."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is a screen of Linux")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen in memory, on a number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(WITHIN)


@pytest.mark.parametrize(
    ("locale", "beginning"),
    [
        ("en_GB.UTF-8", "The profile {file} can't be used: "),
        ("de_DE.UTF-8", "Das Profil {file} kann nicht verwendet werden: "),
    ],
)
def test_a_profile_that_cannot_be_used_is_a_sentence_in_a_box_until_the_rep_closes_it(
    display: str, home: Path, tmp_path: Path, locale: str, beginning: str
) -> None:
    path = tmp_path / "bad.callup"
    path.write_text("name = 'x'\ncolour = 'red'\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    environment |= {"CALLUP_HOME": str(home), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": locale}

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
    assert (box["platform"], box["title"], box["button"]) == ("xcb", "CallUp Desktop", "OK")
    assert box["text"].startswith(beginning.format(file=path))
    assert "'colour'" in box["text"]
    assert box["text"] in program.stderr
