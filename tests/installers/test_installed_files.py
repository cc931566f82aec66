"""An installation that lost a file, or has it cut, says which, and who can mend it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from callup_desktop.installed_files import LIST
from callup_desktop.self_test_report import BrokenError, compared
from installers.file_list import write_list

FILES = (
    "callup-desktop",
    "_internal/resources/icons/callup.svg",
    "_internal/resources/translations/callup_de.qm",
    "_internal/PySide6/Qt/plugins/platforms/libqxcb.so",
    "_internal/PySide6/Qt/plugins/imageformats/libqsvg.so",
    "_internal/PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "_internal/keyring-25.7.0.dist-info/entry_points.txt",
    "_internal/botocore/cacert.pem",
    "_internal/_awscrt.abi3.so",
)
LINK = "_internal/libQt6Core.so.6"


def remove(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def damage_one_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in FILES:
        file = tmp_path / "bundle" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    top = tmp_path / "bundle"
    (top / LINK).symlink_to("PySide6/Qt/plugins/platforms/libqxcb.so")
    write_list(top, list_of(top))
    return top


def list_of(top: Path) -> Path:
    return top / "_internal" / "resources" / LIST


def complaint(top: Path) -> str:
    with pytest.raises(BrokenError) as caught:
        compared(top, list_of(top))
    return str(caught.value)


def test_a_whole_installation_holds_wherever_it_was_moved_and_whatever_lies_beside_it(bundle: Path) -> None:
    moved = bundle.rename(bundle.with_name("Programs (x86)"))
    (moved / "uninstall.exe").write_bytes(b"the setup's own")

    assert compared(moved, list_of(moved)) == f"{len(FILES) + 1} files are as they were installed"


@pytest.mark.parametrize("hole", [remove, cut, damage_one_byte])
@pytest.mark.parametrize("name", FILES)
def test_each_hole_is_named_with_who_can_mend_it(bundle: Path, name: str, hole: Callable[[Path], None]) -> None:
    hole(bundle / name)

    told = complaint(bundle)
    assert name in told
    assert "Install CallUp Desktop again" in told


def test_a_link_that_leads_elsewhere_or_nowhere_is_named(bundle: Path) -> None:
    (bundle / LINK).unlink()
    (bundle / LINK).symlink_to("resources/icons/callup.svg")
    assert f"Changed or cut: {LINK}." in complaint(bundle)

    (bundle / LINK).unlink()
    (bundle / LINK).symlink_to("nowhere")
    assert f"Missing: {LINK}." in complaint(bundle)


def test_a_folder_that_is_gone_is_told_in_a_few_names(bundle: Path) -> None:
    plugins = bundle / "_internal" / "PySide6"
    for number in range(40):
        (plugins / f"{number}.pyi").write_text("")
    write_list(bundle, list_of(bundle))
    for number in range(40):
        (plugins / f"{number}.pyi").unlink()

    assert " and 20 more." in complaint(bundle)


@pytest.mark.parametrize("left", [None, "", "[", "{}", '[{"unknown": 1}]', '["callup"]'])
def test_without_its_list_an_installation_is_damaged(bundle: Path, left: str | None) -> None:
    if left is None:
        list_of(bundle).unlink()
    else:
        list_of(bundle).write_text(left)

    assert "list of the program's files is missing or cut" in complaint(bundle)


def test_a_program_that_is_signed_after_the_list_was_written_only_has_to_be_there(bundle: Path) -> None:
    write_list(bundle, list_of(bundle), free=("callup-desktop",))
    (bundle / "callup-desktop").write_bytes(b"with a signature")
    compared(bundle, list_of(bundle))

    (bundle / "callup-desktop").unlink()
    assert "Missing: callup-desktop." in complaint(bundle)
