"""What a Linux desktop is told of the program, and where the packages lay it."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callup_desktop import __version__
from callup_desktop.installed_files import LIST
from callup_desktop.recordings.formats import FORMATS

LINUX = Path(__file__).resolve().parents[2] / "installers" / "linux"
DESKTOP = LINUX / "callup-desktop.desktop"
METAINFO = "com.callup.desktop.metainfo.xml"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="of Linux desktops")


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DESKTOP, encoding="utf-8")
    return parser["Desktop Entry"]


def test_open_with_offers_the_program_for_every_format_and_hands_over_any_number_of_files(
    entry: configparser.SectionProxy,
) -> None:
    types = entry["MimeType"].rstrip(";").split(";")

    assert {info.content_type for info in FORMATS.values()} <= set(types)
    assert "application/x-callup-profile" in types
    assert not [one for one in types if one.startswith("video/")]
    assert entry["Exec"] == "callup-desktop %F"


def test_the_metadata_names_the_entry_and_the_programs(entry: configparser.SectionProxy) -> None:
    told = ElementTree.parse(LINUX / METAINFO).getroot()  # noqa: S314 - our own file

    assert told.findtext("launchable") == DESKTOP.name
    assert told.findtext("name") == entry["Name"]
    assert told.findtext("summary") == entry["Comment"]
    assert [one.text for one in told.iterfind("provides/binary")] == ["callup-desktop", "callup"]


@pytest.mark.parametrize(
    ("tool", "arguments"), [("desktop-file-validate", ()), ("appstreamcli", ("validate", "--no-net"))]
)
def test_the_desktops_own_tools_find_nothing(tool: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    file = DESKTOP
    if tool == "appstreamcli":
        file = tmp_path / METAINFO
        template = (LINUX / METAINFO).read_text(encoding="utf-8")
        file.write_text(template.replace("@VERSION@", __version__).replace("@DATE@", "2026-01-01"), encoding="utf-8")

    done = subprocess.run([tool, *arguments, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_packages_lay_out_program_licences_metadata_and_manual(tmp_path: Path) -> None:
    root = tmp_path / "source"
    for name in ("installers/linux", "resources", "callup_desktop"):
        shutil.copytree(LINUX.parents[1] / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.py[co]"))
    shutil.copy(LINUX.parents[1] / "callup_desktop" / "__init__.py", root / "callup_desktop")
    (root / "build" / "icons" / "png").mkdir(parents=True)
    (root / "build" / "icons" / "png" / "256.png").touch()
    (root / "build" / "copyright").write_text("Format: 1.0\n")
    bundle = tmp_path / "bundle"
    (bundle / "_internal" / "resources").mkdir(parents=True)
    (bundle / "_internal" / "resources" / LIST).write_text("[]")
    stage = tmp_path / "stage"

    subprocess.run([root / "installers" / "linux" / "stage.sh", bundle, stage], check=True, env=os.environ)

    laid = {file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file() or file.is_symlink()}
    assert {
        f"opt/callup-desktop/_internal/resources/{LIST}",
        "usr/bin/callup",
        "usr/bin/callup-desktop",
        "usr/share/applications/callup-desktop.desktop",
        "usr/share/doc/callup-desktop/copyright",
        "usr/share/icons/hicolor/256x256/apps/callup-desktop.png",
        "usr/share/man/man1/callup.1.gz",
        f"usr/share/metainfo/{METAINFO}",
        "usr/share/mime/packages/callup-desktop.xml",
    } <= laid
    assert (stage / "usr/bin/callup").readlink() == Path("/opt/callup-desktop/callup")
    assert f'version="{__version__}"' in (stage / "usr/share/metainfo" / METAINFO).read_text(encoding="utf-8")


def test_another_runtime_than_the_pinned_one_is_not_taken(tmp_path: Path) -> None:
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nwhile [ "$1" != --output ]; do shift; done\necho another >"$2"\n')
    curl.chmod(0o755)

    done = subprocess.run(
        [LINUX / "fetch-appimage-runtime.sh", tmp_path / "build"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "build").is_dir()
    assert done.returncode != 0
    assert done.stdout == ""
