"""The MSI: what Windows Installer reads of it, read back out of the package; `make try-msi` installs it in Wine."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Template

import pytest

from installers.windows.package import (
    UPGRADE_CODE,
    VersionError,
    build,
    product_code,
    registered,
)

SETUP = Path(__file__).resolve().parents[2] / "installers" / "windows" / "setup.nsi"
Rows = Callable[[str], list[list[str]]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of a table of the package of a small bundle, as msiinfo writes them."""
    msiinfo = shutil.which("msiinfo")
    if msiinfo is None or shutil.which("wixl") is None:
        pytest.skip("NOT TRIED, the MSI: msitools is not installed (Debian: wixl, msitools)")
    work = tmp_path_factory.mktemp("msi")
    bundle = work / "bundle"
    (bundle / "_internal" / "Ünusual, spaced").mkdir(parents=True)
    for name in ("callup.exe", "callup-desktop.exe", "_internal/one.dll", "_internal/Ünusual, spaced/two.dll"):
        (bundle / name).write_text(name, encoding="utf-8")
    (bundle / "_internal" / "empty").touch()
    (work / "callup.ico").write_bytes(b"\0\0\1\0")
    package = build(bundle, work / "callup.ico", work, "1.2.3")

    def read(table: str) -> list[list[str]]:
        told = subprocess.run([msiinfo, "export", package, table], capture_output=True, check=True)
        return [line.split("\t") for line in told.stdout.decode("utf-8").splitlines()[3:]]

    return read


def test_every_version_is_a_product_of_its_own_and_always_the_same_one() -> None:
    assert str(product_code("1.2.3")) == str(product_code("1.2.3"))
    assert len({product_code("1.2.3"), product_code("1.2.4"), UPGRADE_CODE}) == 3


@pytest.mark.parametrize("version", ["1.2", "1.2.3.4", "1.2.3rc1", "256.0.0", "0.256.0", "0.0.65536", ""])
def test_a_version_that_windows_installer_would_misread_is_refused(version: str) -> None:
    with pytest.raises(VersionError):
        product_code(version)


def test_a_newer_version_takes_older_ones_away_within_its_transaction_and_an_older_one_is_refused(rows: Rows) -> None:
    upgrades = {row[6]: row[:5] for row in rows("Upgrade")}
    code = f"{{{UPGRADE_CODE}}}".upper()
    only_detect, from_minimum = "2", "256"

    assert upgrades == {
        "OLDER": [code, "0.0.0", "1.2.3", "", from_minimum],
        "NEWER": [code, "1.2.3", "", "", only_detect],
    }
    assert ["NOT NEWER", "[NEWERTEXT]"] in rows("LaunchCondition")
    order = order_of(rows)
    assert order["InstallInitialize"] < order["RemoveExistingProducts"] < order["ProcessComponents"]


def order_of(rows: Rows) -> dict[str, int]:
    return {row[0]: int(row[2]) for row in rows("InstallExecuteSequence")}


def test_it_is_for_the_whole_machine_says_who_made_it_and_never_starts_the_computer_again(rows: Rows) -> None:
    properties = dict(rows("Property"))

    assert properties["ALLUSERS"] == "1"
    assert (properties["ProductName"], properties["Manufacturer"]) == ("CallUp Desktop", "CallUp")
    assert (properties["ProductVersion"], properties["ARPPRODUCTICON"]) == ("1.2.3", "callup.ico")
    assert properties["ProductCode"] == f"{{{product_code('1.2.3')}}}".upper()
    assert properties["REBOOT"] == "ReallySuppress"
    assert set(properties["SecureCustomProperties"].split(";")) == {"OLDER", "NEWER", "INPATH"}


def test_explorer_is_told_what_the_setup_program_tells_it() -> None:
    assert {(key, name) for key, name, _value in registered()} == set(told_by_the_setup())


def told_by_the_setup() -> Iterator[tuple[str, str]]:
    """Key and name of each value of the classes that setup.nsi writes, its macro for each extension unrolled."""
    script = SETUP.read_text(encoding="utf-8")
    defined = dict(re.findall(r'^!define (\w+) "(.*)"$', script, re.M))
    for extension in [None, *re.findall(r'!insertmacro AddVerb "(\.\w+)"', script)]:
        for key, name in re.findall(r'WriteRegStr SHCTX "(Software\\Classes\\[^"]*)" "([^"]*)"', script):
            if ("${EXTENSION}" in key) == (extension is not None):
                # Python's templates have the script's syntax.
                yield Template(key).substitute(defined, EXTENSION=extension or ""), name


def test_all_of_it_goes_into_the_package(rows: Rows) -> None:
    written = {(int(root), key, name, value) for _id, root, key, name, value, _component in rows("Registry")}
    local_machine = 2

    assert {(local_machine, key, name, value) for key, name, value in registered()} <= written
    assert {row[2].partition("|")[2] or row[2] for row in rows("File")} == {
        "callup.exe",
        "callup-desktop.exe",
        "one.dll",
        "two.dll",
        "empty",
    }


def test_no_library_is_left_out_where_an_older_one_replaces_a_newer_one(rows: Rows) -> None:
    """Windows Installer passes over a component whose key is an older file than the one that it then removes."""
    files = {row[0] for row in rows("File")}

    assert [row for row in rows("Component") if row[5] in files] == []


def test_path_is_only_for_who_asks_and_goes_with_the_program(rows: Rows) -> None:
    assert rows("Environment") == [["Path", "=-*Path", "[~];[PROGRAMFOLDER]", "InPath"]]
    assert rows("Condition") == [["Path", "1", "INPATH = 1"]]
    assert {row[0]: row[5] for row in rows("Feature")} == {"Program": "1", "Path": "2"}
    assert [row[0] for row in rows("FeatureComponents") if row[1] == "InPath"] == ["Path"]
    order = order_of(rows)
    assert order["RemoveEnvironmentStrings"] < order["InstallFiles"] < order["WriteEnvironmentStrings"]


def test_only_administrators_may_put_a_managed_profile_or_nothing_is_installed(rows: Rows) -> None:
    actions = {row[0]: row[1:4] for row in rows("CustomAction")}
    program, deferred, as_system, whatever_comes_of_it = 50, 1024, 2048, 64
    number, name, command = actions["Lock"]

    assert int(number) == program + deferred + as_system
    assert int(actions["Own"][0]) == program + deferred + as_system + whatever_comes_of_it
    assert name == "ICACLS"
    # The very words of the setup program.
    rights = command.partition(" /inheritance:r ")[2]
    assert rights
    assert f"/inheritance:r {rights}'" in SETUP.read_text(encoding="utf-8")
    order = order_of(rows)
    assert order["CostFinalize"] < order["SetRights"]
    assert order["CreateFolders"] < order["Own"] < order["Lock"] < order["InstallFiles"]
    conditions = {row[0]: row[1] for row in rows("InstallExecuteSequence")}
    assert conditions["Own"] == conditions["Lock"] == "$Managed = 3"


def test_beside_the_setup_programs_installation_it_is_refused_and_can_always_be_removed(rows: Rows) -> None:
    place = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop"

    assert ["Installed OR NOT SETUPSENTRY", "[SETUPTEXT]"] in rows("LaunchCondition")
    assert [row[2] for row in rows("RegLocator") if row[0] == "sSETUPSENTRY"] == [place]
    assert f'!define ENTRY "{place}"' in SETUP.read_text(encoding="utf-8")


def test_what_it_says_is_said_in_german_where_that_is_spoken_before_it_is_needed(rows: Rows) -> None:
    english = dict(rows("Property"))
    german = {row[2]: row[3] for row in rows("CustomAction") if row[2] in {"SENDTEXT", "NEWERTEXT", "SETUPTEXT"}}

    assert len(german) == 3
    assert all(text.isascii() and text != english[name] for name, text in german.items())
    for table in ("InstallExecuteSequence", "InstallUISequence"):
        numbers = {row[0]: int(row[2]) for row in rows(table)}
        assert all(numbers[f"Set{name}"] < numbers["LaunchConditions"] for name in german)
