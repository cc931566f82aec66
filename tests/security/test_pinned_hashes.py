import re
from itertools import groupby

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.locks import BUILD, CONSTRAINTS, EXTRAS, FOLDER, requirements_of

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def _pins(text: str) -> dict[str, str]:
    lines = (line.partition(";")[0].split("==") for line in text.splitlines() if line)
    return {canonicalize_name(name.strip()): version.strip(" \\") for name, version in lines}


def _locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes, by package; every line is a pin or a hash."""
    found: dict[str, tuple[str, int]] = {}
    package = ""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for is_hash, group in groupby(lines, key=lambda line: line.startswith(" ")):
        if is_hash:
            hashes = [_HASH.fullmatch(line.strip(" \\")) for line in group]
            assert all(hashes)
            found[package] = (found[package][0], len(hashes))
        else:
            pinned = _pins("\n".join(group))
            # One at a time: a pin that another follows has no hash.
            (package,) = pinned
            found[package] = (pinned[package], 0)
    return found


@pytest.mark.parametrize("name", [BUILD, *EXTRAS])
def test_nothing_is_installed_whose_hash_and_version_are_not_written_down(name: str) -> None:
    locked, pinned = _locked(name), _pins(CONSTRAINTS.read_text(encoding="utf-8"))

    assert locked
    assert all(hashes for _version, hashes in locked.values())
    assert {package: version for package, (version, _hashes) in locked.items()}.items() <= pinned.items()


@pytest.mark.parametrize("name", [BUILD, *EXTRAS])
def test_a_package_that_pyproject_wants_is_not_forgotten_in_the_hashes(name: str) -> None:
    locked = _locked(name)

    for wanted in map(Requirement, requirements_of(name)):
        if wanted.name != "callup-desktop":
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)][0], prereleases=True), wanted


def test_every_pin_is_of_use() -> None:
    used = {package for name in (BUILD, *EXTRAS) for package in _locked(name)}

    assert used == set(_pins(CONSTRAINTS.read_text(encoding="utf-8")))
