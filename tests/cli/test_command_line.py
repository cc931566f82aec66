"""Versions, exit codes, manual pages and completions of both programs."""

import re
import shutil
import subprocess
import sys
import sysconfig
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import pytest

from callup_desktop import __version__, app
from callup_desktop.choice import ExitCode
from callup_desktop.cli import arguments
from callup_desktop.cli.main import main
from tools import command_line

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("run", [main, app.main], ids=["callup", "callup-desktop"])
def test_a_program_tells_its_version(run: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"^0$"):
        run(["--version"])

    assert __version__ in "".join(capsys.readouterr())


@pytest.mark.parametrize("made", [arguments.parser(), app.parser()], ids=["callup", "callup-desktop"])
def test_the_help_of_a_program_tells_its_exit_codes(made: ArgumentParser) -> None:
    told = {int(number) for number in re.findall(r"\d+", made.epilog or "")}

    assert told <= {2, *ExitCode}
    assert {0, 1, 2, 75, 78} <= told


def test_completions_are_those_of_the_command_line() -> None:
    written = {file: text for file, text in command_line.files().items() if file.parent.name == "completions"}

    assert {file: file.read_text(encoding="utf-8") for file in written} == written


def test_the_manual_tells_of_every_command_and_option() -> None:
    page = (command_line.RESOURCES / "man" / "callup.1").read_text(encoding="utf-8").replace("\\-", "-")

    known = {option for action in command_line.actions(arguments.parser()) for option in action.option_strings}
    assert not {option for option in known - {"-h", "--help"} if option not in page}


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out

    asked = f"{script}\nCOMP_WORDS=(callup pro); COMP_CWORD=1; _shtab_callup; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    told = subprocess.run([shutil.which("bash") or "bash", "-c", asked], capture_output=True, text=True, check=True)

    assert set(told.stdout.split()) == {"probe", "profile", "provision"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_window_without_a_screen_is_one_sentence(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "callup_desktop.app"],
        env={"CALLUP_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == ExitCode.CONFIG
    assert told.stderr == (
        "There is no screen for the window here. Start CallUp on a desktop, or send from the console:"
        " callup send FILE.\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="writes the missing library into Qt's file as Linux names one")
@pytest.mark.parametrize("module", ["QtCore", "QtWidgets", "QtNetwork"])
@pytest.mark.parametrize("options", [(), ("--self-test", ".")], ids=["window", "self-test"])
def test_a_window_without_a_library_of_the_system_is_two_sentences(
    tmp_path: Path, module: str, options: tuple[str, ...]
) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "callup_desktop.app", *options],
        env={"CALLUP_HOME": str(tmp_path), "PYTHONPATH": str(qt_without(module, tmp_path / "qt"))},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stderr.splitlines()) == (
        ExitCode.CONFIG,
        [
            "This computer lacks a library that the window needs. Please send this to IT, or send from the console:"
            " callup send FILE.",
            "libGone.so: cannot open shared object file: No such file or directory",
        ],
    )


def qt_without(module: str, folder: Path) -> Path:
    """A folder with Qt's own Python package, but that a module of it asks for a library that no system has."""
    real = Path(sysconfig.get_path("platlib")) / "PySide6"
    package = folder / "PySide6"
    package.mkdir(parents=True)
    for file in real.iterdir():
        if not file.name.startswith((f"{module}.", "__init__")):
            (package / file.name).symlink_to(file)
    shutil.copy(real / "__init__.py", package)
    native = real / f"{module}.abi3.so"
    wanted = b"\0libQt6" + module.removeprefix("Qt").encode() + b".so.6\0"
    content = native.read_bytes()
    assert content.count(wanted) == 1
    (package / native.name).write_bytes(content.replace(wanted, b"\0libGone.so".ljust(len(wanted), b"\0")))
    return folder
