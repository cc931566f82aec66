"""`setup.sh` on a computer whose Python will not do: it says so, and installs nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_NEEDED = ("cat", "cksum", "dirname", "env", "id", "sh", "uname")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@pytest.mark.parametrize("version", ["3.14.1", "3.9.2"])
def test_a_python_that_will_not_do_is_named_before_anything_is_installed(tmp_path: Path, version: str) -> None:
    programs, installed = tmp_path / "programs", tmp_path / "installed"
    programs.mkdir()
    for name in _NEEDED:
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    for name, does in {
        "python3": f'[ "$1" = --version ] && echo "Python {version}" || exit 1',
        "apt-get": f'echo "$@" >>"{installed}"',
        "sudo": 'exec "$@"',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)

    environ = {name: value for name, value in os.environ.items() if name != "PYTHON"} | {"PATH": str(programs)}
    done = subprocess.run(
        ["/bin/sh", "setup.sh"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert f"needs Python 3.11, 3.12 or 3.13; python3 here is Python {version}" in done.stderr
    assert not installed.exists()
    assert not (tmp_path / ".venv").exists()
