"""What pip, pipx and uv install: the package with all that it reads, and what shells and `man` look for."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from callup_desktop import __version__

ROOT = Path(__file__).resolve().parents[2]
SHOWN = "from callup_desktop.resource_files import RESOURCES; print(RESOURCES)"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer does it, far from the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_brings_icons_translations_and_the_sample(installed: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SHOWN],
        cwd=installed,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )

    resources = Path(told.stdout.strip())
    assert resources == installed / "callup_desktop" / "resources"
    for kept in ("icons/*.svg", "translations/*.qm", "sample.mp3", "licences.txt", "completions/*"):
        ours = {file.name: file.read_bytes() for file in (ROOT / "resources").glob(kept)}
        assert ours
        assert {file.name: file.read_bytes() for file in resources.glob(kept)} == ours


def test_the_wheel_brings_licence_manual_pages_and_completions(installed: Path) -> None:
    brought = {file.relative_to(installed).as_posix() for file in installed.rglob("*") if file.is_file()}

    data = f"callup_desktop-{__version__}.data/data/share"
    assert {
        f"callup_desktop-{__version__}.dist-info/licenses/LICENSE",
        f"{data}/man/man1/callup.1",
        f"{data}/man/man1/callup-desktop.1",
        f"{data}/bash-completion/completions/callup",
        f"{data}/zsh/site-functions/_callup",
    } <= brought
    assert not [name for name in brought if name.startswith(("tests/", "tools/", "benchmarks/"))]


def test_nothing_tells_to_install_by_a_name_that_an_index_may_give_to_others() -> None:
    told = (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("callup_desktop/**/*.py"))
    by_name = re.compile(r"\b(?:pip|pipx|uv tool) install (?:-\S+ )*['\"]?callup")

    assert [file for file in told if by_name.search(file.read_text(encoding="utf-8"))] == []
