"""What guards the workflows: nothing of others that can change, and no key where nobody has to agree."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")

every_workflow = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)


def jobs(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    return found


@every_workflow
def test_an_action_whose_tag_is_moved_does_not_reach_us(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    used = [line.strip().removeprefix("- ") for line in lines if "uses:" in line]

    assert used
    assert [line for line in used if not PINNED.match(line)] == []


@every_workflow
def test_no_job_has_more_rights_than_it_names_and_none_keeps_the_token(file: Path) -> None:
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}
    for job in jobs(file).values():
        assert "timeout-minutes" in job
        checkouts = [step for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@every_workflow
def test_a_secret_is_only_where_an_environment_guards_it(file: Path) -> None:
    open_ones = [name for name, job in jobs(file).items() if "secrets." in str(job) and "environment" not in job]

    assert open_ones == []


@every_workflow
def test_pip_installs_nothing_without_its_hash(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "pip install" in line]
    # The project itself, without what it needs.
    own = "--no-deps --no-build-isolation -e ."

    assert [line for line in lines if "--require-hashes" not in line and not line.endswith(own)] == []


def test_a_pull_request_is_tried_on_each_system_and_each_python() -> None:
    found = jobs(FOLDER / "ci.yml")
    matrices = [found[name]["strategy"]["matrix"] for name in ("linux", "elsewhere")]

    assert [matrix["python"] for matrix in matrices] == [["3.11", "3.12", "3.13"]] * 2
    assert matrices[1]["runner"] == ["windows-2025", "macos-15"]


def test_every_package_is_built_on_the_system_that_it_is_for_and_tried_there() -> None:
    release = jobs(FOLDER / "release.yml")
    built = {one["name"]: one for one in release["build"]["strategy"]["matrix"]["include"]}
    said = {name: str(release[name]["steps"]) for name in ("build", "windows-setup", "windows-try")}

    assert built.keys() == {"windows-x86_64", "macos-arm64", "macos-x86_64", "linux-x86_64", "linux-arm64"}
    assert all(one["debian"] for name, one in built.items() if name.startswith("linux"))
    for kind in ("deb", "rpm", "appimage"):
        assert said["build"].index(f"build-{kind}.sh") < said["build"].index(f"try-{kind}.sh")
    assert {"build-setup.sh", "build-msi.sh"} <= set(re.findall(r"build-\w+\.sh", said["windows-setup"]))
    assert "-setup.exe" in said["windows-try"]
    assert {"/i", "/fa", "/x"} <= set(re.findall(r"msiexec \d+ \\?[\"'](/\w+)", said["windows-try"]))


def test_what_an_appimage_begins_with_is_pinned_for_each_architecture() -> None:
    linux = FOLDER.parents[1] / "installers" / "linux"
    sums = (linux / "appimage-runtime.sums").read_text(encoding="ascii").splitlines()

    assert [line[64:] for line in sums] == ["  runtime-x86_64", "  runtime-aarch64"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", line[:64]) for line in sums)


def test_nothing_is_drafted_before_all_of_it_is_tried_and_nothing_unsigned_ever() -> None:
    release = jobs(FOLDER / "release.yml")
    draft = release["draft"]

    assert set(draft["needs"]) == release.keys() - {"draft"}
    assert "!inputs.unsigned" in draft["if"], "somebody may build a tag by hand, for a trial"


@pytest.mark.parametrize("job", ["build", "windows-setup"])
def test_a_release_is_never_signed_with_less_than_all_keys(job: str) -> None:
    keyed = [step for step in jobs(FOLDER / "release.yml")[job]["steps"] if "secrets." in str(step)]

    assert keyed
    for step in keyed:
        needed = [name for name, value in step["env"].items() if "secrets." in value]
        assert [name for name in needed if f"${{{name}:?}}" not in step["run"]] == []
