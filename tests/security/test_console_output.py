"""A file's name redrew the terminal, set its title or copied to its clipboard; a company's name broke the list.

Names come by mail and from customers. A name in another encoding, typed as a company, stopped the whole program.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from callup_desktop.cli.main import main
from callup_desktop.engine.errors import Code
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.standard_streams import printable
from tests.cli.console import DETAILS, RUN_WITHIN, Callup, start_window, until, wav

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be made there")

TITLE = "\x1b]0;owned\x07"
CLIPBOARD = "\x1b]52;c;cm0gLXJm\x1b\\"
CLEAR = "\x1b[2J\x1b[H"
EIGHT_BITS = "\x9b31m"
REVERSED = "\u202egpj.exe"
SPLIT = "one\r\ntwo\u2028three"
EVIL = f"{TITLE}{CLIPBOARD.replace('/', '')}{CLEAR}{EIGHT_BITS}{REVERSED}{SPLIT}.wav"
MARKUP = "Acme [/red] [link=https://evil.test]Corp[/link] [bold :smile: [[]] \\[x]"


@pytest.fixture
def callup(home: Path, sandbox: Running) -> Callup:
    return Callup(home, sandbox.profile)


def said(callup: Callup, *arguments: str | Path | bytes) -> "subprocess.CompletedProcess[bytes]":
    command: list[str | bytes] = [*callup.command("x")[:-3]]
    first, *rest = arguments
    return subprocess.run(
        [*command, str(first), *(os.fspath(each) for each in rest)],
        env=callup.environment(),
        capture_output=True,
        timeout=RUN_WITHIN,
    )


def acts_on_nothing(text: bytes) -> bool:
    """Only letters, and newlines at the end of a line of ours."""
    return all(character == "\n" or character.isprintable() for character in text.decode("utf-8"))


def test_no_name_of_a_file_reaches_a_terminal_as_it_is(callup: Callup, tmp_path: Path) -> None:
    folder = tmp_path / f"folder {TITLE}"
    folder.mkdir()
    evil, empty, missing = wav(folder / EVIL), folder / f"empty {EVIL}", folder / f"missing {EVIL}"
    empty.touch()
    runs = [
        said(callup, "send", "--profile", callup.profile, evil, empty, missing, *DETAILS),
        said(callup, "list", "--profile", callup.profile),
        said(callup, "probe", evil, empty, missing),
    ]

    told = b"".join(run.stdout + run.stderr for run in runs)
    assert [run.returncode for run in runs] == [1, 0, 1]
    assert acts_on_nothing(told)
    assert told.count(rb"\x1b]0;owned\x07") > 4
    assert b"Traceback" not in told


def test_no_argument_reaches_a_terminal_as_it_is(callup: Callup, tmp_path: Path) -> None:
    missing = tmp_path / f"missing {EVIL}"
    runs = [
        said(callup, "send", "--profile", callup.profile, missing, "--company", ""),
        said(callup, "list", "--profile", missing),
        said(callup, "send", f"--{EVIL}"),
        said(callup, f"no command {EVIL}"),
    ]

    told = b"".join(run.stdout + run.stderr for run in runs)
    assert [run.returncode for run in runs] == [1, 78, 2, 2]
    assert acts_on_nothing(told)
    assert rb"\x1b]0;owned\x07" in told
    assert b"Traceback" not in told


def test_brackets_in_a_company_s_name_are_brackets(callup: Callup, tmp_path: Path) -> None:
    assert callup("send", wav(tmp_path / "call.wav"), "--company", MARKUP, *DETAILS[2:]).code == 0

    listed = callup("list")

    assert (listed.code, listed.err) == (0, "")
    assert MARKUP in listed.out


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("--company", "company_name_unreadable"),
        ("--email", "contact_email_invalid_email"),
        ("--type", "call_type_unknown_type"),
    ],
)
def test_a_detail_in_another_encoding_is_refused_in_words(
    callup: Callup, tmp_path: Path, option: str, code: str
) -> None:
    details = {"--company": b"Acme", "--email": b"john@acme.com", "--type": b"demo", option: b"M\xfcller"}
    typed = [part for name, value in details.items() for part in (name.encode(), value)]

    refused = said(callup, "send", "--profile", callup.profile, "--json", wav(tmp_path / "call.wav"), *typed)

    assert refused.returncode == 1, refused
    assert f'"code": "{code}"'.encode() in refused.stdout
    assert callup("list", "--json").values == []


def test_a_file_whose_name_is_no_utf_8_is_sent_by_the_running_program(
    callup: Callup, home: Path, sandbox: Running, tmp_path: Path
) -> None:
    name = os.fsencode(tmp_path) + b"/Gespr\xe4ch.wav"
    wav(Path(os.fsdecode(name)))
    window = start_window(home, "--profile", sandbox.profile)
    try:
        until(lambda: (home / "owner.json").exists(), window)
        sent = said(
            callup, "send", "--profile", callup.profile, "--json", name, os.fsencode(tmp_path) + b"/\xff", *DETAILS
        )
        listed = said(callup, "list", "--profile", callup.profile)
    finally:
        window.terminate()
        window.communicate(timeout=RUN_WITHIN)

    assert sent.returncode == 1, sent
    assert rb"Gespr\udce4ch.wav" in sent.stdout
    assert rb'{"file": ' in sent.stdout
    assert b'"status": "uploaded"' in sent.stdout
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert rb"Gespr\udce4ch.wav" in listed.stdout


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Grüße 通話 👩‍💻 نمی‌خواهم.wav", "Grüße 通話 👩‍💻 نمی‌خواهم.wav"),
        ("Screenshot 10.41\u202fPM.wav", "Screenshot 10.41\u202fPM.wav"),
        (TITLE, r"\x1b]0;owned\x07"),
        (EIGHT_BITS, r"\x9b31m"),
        (REVERSED, r"\u202egpj.exe"),
        (SPLIT, r"one\r\ntwo\u2028three"),
        ("Gespr\udce4ch", r"Gespr\udce4ch"),
    ],
)
def test_what_is_written_out_and_what_stays(name: str, shown: str) -> None:
    assert printable(name) == shown


@pytest.mark.parametrize(
    ("code", "place"),
    [
        (Code.BAD_PROFILE, "file"),
        (Code.HOME_UNWRITABLE, "folder"),
        (Code.MANAGED_UNREADABLE, "file"),
        (Code.FILE_MISSING, "name"),
        (Code.NAME_UNKNOWN, "host"),
        (Code.TLS_UNTRUSTED, "issuer"),
    ],
)
def test_no_name_in_a_sentence_begins_a_line_of_its_own(code: Code, place: str) -> None:
    others = {"problems": "?", "reason": "?", "key": "?"}
    told = Messages().start_error(code, {**others, place: EVIL})

    assert "two" in told
    assert told.isprintable(), told


def test_nor_does_a_key_of_a_profile_or_the_profile_s_own_name(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a\r\nCalls go to the same servers as now.\u202e.callup"
    for text in ('"b\\nSent safely.\\u202e" = 1', "[", "name = '\x1b'"):
        file.write_text(text)
        assert main(["list", "--profile", str(file)]) == 78
        (line,) = capsys.readouterr().err.splitlines()
        assert line.isprintable(), line
    assert home.exists()
