"""Writes requirements/: every package with the hashes of all its files, by `make locks` after a version has changed.

The versions are those of constraints.txt; of these, each file has what one kind of set-up needs, on every system.
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = _ROOT / "constraints.txt"
FOLDER = _ROOT / "requirements"
BUILD = "build"
"""What builds the project, and packages that come as source."""
EXTRAS = {
    "audit": ("audit",),
    "bundle": ("bundle",),
    "dev": ("dev",),
    "fuzz": ("fuzz",),
    "gateway": ("gateway",),
    "locks": ("locks",),
    "release": ("sandbox", "release"),
    "workflow": ("workflow",),
}
"""The extras that are installed together, by the name of their file."""


def requirements_of(name: str) -> list[str]:
    """What pyproject.toml wants of one file, without what that wants in turn."""
    said: dict[str, Any] = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = said["project"]["optional-dependencies"]
    if name == BUILD:
        return [*said["build-system"]["requires"], *extras["sources"]]
    return [*said["project"]["dependencies"], *(line for extra in EXTRAS[name] for line in extras[extra])]


def lock_of(name: str) -> str:
    """The content of one file, as the package index answers now; raises CalledProcessError."""
    extras = [part for extra in EXTRAS.get(name, ()) for part in ("--extra", extra)]
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-" if name == BUILD else "pyproject.toml", *extras),
        *("--universal", "--python-version", "3.11", "--constraints", str(CONSTRAINTS), "--generate-hashes"),
        *("--no-header", "--no-annotate", "--no-config", "--quiet"),
        # It is there already, and may be the one that runs.
        *("--no-emit-package", "pip"),
    ]
    wanted = "\n".join(requirements_of(name)) if name == BUILD else ""
    compiled = subprocess.run(command, cwd=_ROOT, input=wanted, capture_output=True, text=True, check=True)
    return compiled.stdout


def main() -> int:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    os.environ.pop("VIRTUAL_ENV", None)
    for name in (BUILD, *EXTRAS):
        try:
            (FOLDER / f"{name}.txt").write_text(lock_of(name), encoding="utf-8")
        except subprocess.CalledProcessError as exc:
            sys.stderr.write(exc.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
