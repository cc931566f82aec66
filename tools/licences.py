"""Lists the libraries that the program is shipped with, and their licences: `python -m tools.licences`."""

import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

_ROOT = Path(__file__).resolve().parents[1]
FILE = _ROOT / "resources" / "licences.txt"
_LONGEST_LICENCE = 60
"""Characters; a longer field holds the licence's text, not its name."""


def libraries() -> dict[str, Distribution]:
    """Everything that the program needs where it is installed here, by name; tools of developers are not in it."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, Distribution] = {}
    asked: set[str] = set()
    waiting = [Requirement(line) for line in project["dependencies"]]
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in asked:
            continue
        asked.add(str(wanted))
        try:
            known = distribution(wanted.name)
        except PackageNotFoundError:
            # Another system's.
            continue
        found[known.name.lower()] = known
        for need in map(Requirement, known.requires or ()):
            extras = ("", *wanted.extras)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(need)
    return dict(sorted(found.items()))


def licence_of(library: Distribution) -> str:
    """The licence in a few words, as the library names it."""
    told = library.metadata
    named = next((told[key] for key in ("License-Expression", "License") if key in told), "")
    if named and len(named) <= _LONGEST_LICENCE and "\n" not in named:
        return str(named)
    classifiers = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or () if line.startswith("License")
    ]
    return ", ".join(classifiers) or "see its own files"


def listed() -> str:
    """The list as the window shows it."""
    lines = [f"Python, PSF-2.0\nQt {distribution('PySide6-Essentials').version}, LGPL-3.0-only"]
    lines += [f"{known.name} {known.version}, {licence_of(known)}" for known in libraries().values()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(listed(), encoding="utf-8")
