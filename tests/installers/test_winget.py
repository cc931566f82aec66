"""winget's manifests: what its client and its repository refuse, by their schema 1.10."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from installers.windows.package import EXTENSIONS, UPGRADE_CODE, product_code
from installers.windows.winget import IDENTIFIER, manifests

REPOSITORY = "https://github.com/callup/callup-desktop"
RESPONSES = {"packageInUse", "invalidParameter", "downgrade", "cancelledByUser", "alreadyInstalled", "custom"}
NEEDED = {
    "version": {"DefaultLocale"},
    "installer": {"Installers"},
    "defaultLocale": {"PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"},
    "locale": {"PackageLocale"},
}


@pytest.fixture
def written(tmp_path: Path) -> dict[str, str]:
    for name in ("CallUp-Desktop-1.2.3-setup.exe", "CallUp-Desktop-1.2.3.msi"):
        (tmp_path / name).write_bytes(name.encode())
    return manifests(tmp_path, REPOSITORY, "1.2.3")


@pytest.fixture
def read(written: dict[str, str]) -> dict[str, dict[str, Any]]:
    return {name: yaml.safe_load(text) for name, text in written.items()}


def test_the_files_are_called_as_the_repository_wants_them(written: dict[str, str]) -> None:
    ends = ("", ".installer", ".locale.de-DE", ".locale.en-US")

    assert written.keys() == {f"{IDENTIFIER}{end}.yaml" for end in ends}
    assert re.fullmatch(r"[^.\s\\/:*?\"<>|]{1,32}(\.[^.\s\\/:*?\"<>|]{1,32}){1,7}", IDENTIFIER)


def test_each_says_what_it_is_and_nothing_is_left_to_fill(
    written: dict[str, str], read: dict[str, dict[str, Any]]
) -> None:
    for name, manifest in read.items():
        kind, version = manifest["ManifestType"], manifest["ManifestVersion"]
        first, _, rest = written[name].partition("\n")
        assert first == f"# yaml-language-server: $schema=https://aka.ms/winget-manifest.{kind}.{version}.schema.json"
        assert "$" not in rest
        assert (manifest["PackageIdentifier"], manifest["PackageVersion"]) == (IDENTIFIER, "1.2.3")
        assert NEEDED[kind] <= manifest.keys()
    assert {manifest["ManifestVersion"] for manifest in read.values()} == {"1.10.0"}
    assert {manifest["ManifestType"] for manifest in read.values()} == NEEDED.keys()


def test_a_user_gets_the_setup_program_and_a_machine_the_package(read: dict[str, dict[str, Any]]) -> None:
    manifest = read[f"{IDENTIFIER}.installer.yaml"]
    found = {installer["Scope"]: installer for installer in manifest["Installers"]}
    code = f"{{{product_code('1.2.3')}}}".upper()

    assert (found["user"]["InstallerType"], found["machine"]["InstallerType"]) == ("nullsoft", "wix")
    assert found["user"]["ProductCode"] == "CallUpDesktop", "the name of its entry in the registry"
    assert found["machine"]["ProductCode"] == code
    entry = found["machine"]["AppsAndFeaturesEntries"][0]
    assert (entry["ProductCode"], entry["UpgradeCode"]) == (code, f"{{{UPGRADE_CODE}}}".upper())
    assert {f".{extension}" for extension in manifest["FileExtensions"]} == {".callup", *EXTENSIONS}
    for installer in found.values():
        name = installer["InstallerUrl"].removeprefix(f"{REPOSITORY}/releases/download/v1.2.3/")
        assert installer["InstallerSha256"] == sha256(name.encode()).hexdigest().upper()
        codes = [told["InstallerReturnCode"] for told in installer.get("ExpectedReturnCodes", [])]
        assert len(codes) == len(set(codes))
        assert {told["ReturnResponse"] for told in installer.get("ExpectedReturnCodes", [])} <= RESPONSES


def test_the_exit_codes_are_those_that_the_setup_program_has(read: dict[str, dict[str, Any]]) -> None:
    script = (Path(__file__).resolve().parents[2] / "installers" / "windows" / "setup.nsi").read_text(encoding="utf-8")
    told = dict(re.findall(r"^!define (BUSY|NO_RIGHTS|NO_PATH|NEWER_THERE) (\d+)$", script, re.M))
    user = read[f"{IDENTIFIER}.installer.yaml"]["Installers"][0]

    expected = {response["InstallerReturnCode"]: response["ReturnResponse"] for response in user["ExpectedReturnCodes"]}
    assert expected == {
        int(told["NO_PATH"]): "invalidParameter",
        int(told["BUSY"]): "packageInUse",
        int(told["NEWER_THERE"]): "downgrade",
    }


def test_what_people_read_is_of_the_length_that_is_taken(read: dict[str, dict[str, Any]]) -> None:
    for manifest in read.values():
        if "PackageLocale" in manifest:
            assert 3 <= len(manifest["ShortDescription"]) <= 256
            assert 3 <= len(manifest["Description"]) <= 10_000
            assert 2 <= len(manifest["Publisher"]) <= 256
            assert all(1 <= len(tag) <= 40 and " " not in tag for tag in manifest.get("Tags", []))


def test_a_release_without_one_of_its_packages_has_no_manifest(tmp_path: Path) -> None:
    (tmp_path / "CallUp-Desktop-1.2.3-setup.exe").touch()

    with pytest.raises(FileNotFoundError):
        manifests(tmp_path, REPOSITORY, "1.2.3")
