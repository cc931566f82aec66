"""A script computed how long to wait, its sum went wrong, and the nightly run waited until somebody came.

The word that it passed was no number of seconds; the command took it, and its wait had no end, or none at all.
"""

import pytest

from callup_desktop.cli.arguments import parser

USAGE = 2


@pytest.mark.parametrize("patience", ["nan", "-nan", "-5", "soon"])
@pytest.mark.parametrize("command", [["send", "call.wav"], ["resume"], ["cancel", "some-call"]])
def test_a_patience_that_is_no_time_is_refused_before_anything_is_sent(
    command: list[str], patience: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command, f"--patience={patience}"])

    assert ended.value.code == USAGE
    assert f"'{patience}' is not a number of seconds" in capsys.readouterr().err


@pytest.mark.parametrize("patience", ["0", "0.5", "600", "inf"])
def test_a_patience_that_is_a_time_is_taken(patience: str) -> None:
    assert parser().parse_args(["resume", "--patience", patience]).patience == float(patience)
