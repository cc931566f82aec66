"""The version stands in `callup_desktop/__init__.py`; whoever reads another file finds the same one."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import yaml

from callup_desktop import __version__

ROOT = Path(__file__).resolve().parents[2]


def numbers(pattern: str, file: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / file).read_text(encoding="utf-8"), re.M))


def test_the_program_has_the_version_whose_changes_are_told_first() -> None:
    headings = re.findall(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)

    assert headings[0] == __version__


def test_pip_and_the_program_tell_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "version" not in project
    assert version("callup-desktop") == __version__


def test_what_an_admin_copies_has_the_version_that_he_reads_about() -> None:
    assert numbers(r"set VERSION=(\d\S*)", "docs/admin.md") == {__version__}
    assert numbers(r"callup-gateway:(\d\S*)", "installers/gateway/kubernetes.yaml") == {__version__}
    assert numbers(r'^\.TH .*"CallUp Desktop (\S+)"', "resources/man/callup.1") == {__version__}


def test_a_tag_whose_changes_are_called_unreleased_builds_nothing() -> None:
    release = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    steps = release["jobs"]["build"]["steps"]
    guard = next(step["run"] for step in steps if step.get("if") == "github.ref_type == 'tag'")

    assert '"v$version" = "$GITHUB_REF_NAME"' in guard
    assert '"## $version" CHANGELOG.md' in guard
