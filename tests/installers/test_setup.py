"""`setup.sh` takes the Python that was named, and where none will do it says so and installs nothing.

`.ci/run` tries a second Python, where one can be had.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NEEDED = ("cat", "cksum", "dirname", "env", "grep", "id", "sed", "sh", "uname")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@dataclass(frozen=True)
class Computer:
    """A folder with the script, and the only programs that it finds."""

    folder: Path

    def put(self, name: str, does: str) -> Path:
        program = self.folder / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
        return program

    def set_up(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        environ |= {"PATH": str(self.folder / "programs"), **variables}
        command = ["/bin/sh", "setup.sh", *words]
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)

    @property
    def installed(self) -> Path:
        return self.folder / "installed"


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    computer = Computer(tmp_path)
    (tmp_path / "programs").mkdir()
    for name in _NEEDED:
        found = shutil.which(name)
        assert found
        (tmp_path / "programs" / name).symlink_to(found)
    computer.put("programs/apt-get", f'echo "$@" >>"{computer.installed}"')
    computer.put("programs/sudo", 'exec "$@"')
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return computer


@pytest.mark.parametrize("version", ["3.14.1", "3.9.2"])
def test_a_python_that_will_not_do_is_named_before_anything_is_installed(computer: Computer, version: str) -> None:
    computer.put("programs/python3", f'[ "$1" = --version ] && echo "Python {version}" || exit 1')

    done = computer.set_up()

    assert done.returncode == 1
    assert f"needs Python 3.11, 3.12 or 3.13; python3 here is Python {version}" in done.stderr
    assert not computer.installed.exists()
    assert not (computer.folder / ".venv").exists()


def test_a_named_python_that_will_not_do_is_never_exchanged_for_another(computer: Computer) -> None:
    computer.put("programs/python3", f'exec "{sys.executable}" "$@"')
    named = computer.put("named python", '[ "$1" = --version ] && echo "Python 3.14.1" || exit 1')

    done = computer.set_up(PYTHON=str(named))

    assert done.returncode == 1
    assert f"{named} here is Python 3.14.1" in done.stderr
    assert not computer.installed.exists()
    assert not (computer.folder / ".venv").exists()


def test_an_environment_of_another_python_than_the_named_one_is_made_anew(computer: Computer) -> None:
    made = computer.folder / "made"
    computer.put(".venv/bin/python", 'case "$*" in *version_info*) echo 3.11;; esac')
    (computer.folder / ".venv" / ".made-in").write_text(f"{computer.folder}\n")
    named = computer.put(
        "named python", rf'case "$*" in *%d.%d*) echo 3.13;; *venv\ --clear*) echo "$@" >"{made}"; exit 7;; esac'
    )

    assert computer.set_up(PYTHON=str(named)).returncode == 7
    assert made.read_text() == "-m venv --clear .venv\n"


@pytest.mark.parametrize(("set_up_for", "asked_for", "again"), [("tests", [], False), ("run", ["--tests"], True)])
def test_what_is_set_up_for_the_tests_is_not_set_up_again_to_run(
    computer: Computer, set_up_for: str, asked_for: list[str], *, again: bool
) -> None:
    """Its first command is the one that would make an environment."""
    script = 'eval "$(sed -n /^fingerprint/p setup.sh)"; fingerprint'
    environ = {"PATH": str(computer.folder / "programs")}
    sums = subprocess.run(["/bin/sh", "-c", script], cwd=computer.folder, env=environ, capture_output=True, check=False)
    computer.put(
        ".venv/bin/python",
        f'case "$*" in *version_info*) echo 3.11;; *) echo "$@" >>"{computer.installed}"; exit 7;; esac',
    )
    (computer.folder / ".venv" / ".made-in").write_text(f"{computer.folder}\n")
    (computer.folder / ".venv" / f".set-up-for-{set_up_for}").write_bytes(sums.stdout)

    computer.set_up(*asked_for)

    assert computer.installed.exists() is again


@pytest.fixture
def ci(computer: Computer) -> Computer:
    """A computer with two Pythons, and CI's script on it."""
    (computer.folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", computer.folder / ".ci" / "run")
    bash = shutil.which("bash")
    assert bash
    (computer.folder / "programs" / "bash").symlink_to(bash)
    computer.put(".venv/bin/python", "echo 3.11")
    computer.put("programs/python3.13", "exit 0")
    computer.put("programs/make", f'echo "$@" >>"{computer.installed}"')
    computer.put("setup.sh", '[ "$CALLUP_VENV" = .venv-other ] && [ "${PYTHON##*/}" = python3.13 ]')
    return computer


def tried_by_ci(ci: Computer) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(ci.folder / "programs"), "HOME": str(ci.folder)}
    return subprocess.run(
        [str(ci.folder / ".ci" / "run")], env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def test_ci_tries_everything_and_what_breaks_first_on_another_python_too(ci: Computer) -> None:
    assert tried_by_ci(ci).returncode == 0
    assert ci.installed.read_text().splitlines() == ["test", "quick BIN=.venv-other/bin"]


@pytest.mark.parametrize(("program", "does"), [("setup.sh", "exit 1"), ("programs/python3.13", "exit 127")])
def test_a_second_python_that_cannot_be_had_is_said_and_fails_nothing(ci: Computer, program: str, does: str) -> None:
    ci.put(program, does)
    done = tried_by_ci(ci)
    assert (done.returncode, ci.installed.read_text()) == (0, "test\n")
    assert "NOT TRIED on another Python than 3.11" in done.stderr


@pytest.mark.parametrize("part", ["test", "quick"])
def test_what_fails_on_either_python_fails_ci(ci: Computer, part: str) -> None:
    ci.put("programs/make", f'[ "$1" != {part} ]')
    assert tried_by_ci(ci).returncode == 1
