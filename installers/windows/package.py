"""Builds the MSI of the frozen bundle: `python -m installers.windows.package BUNDLE ICON OUTPUT VERSION`.

msitools on any system; nothing but Python beside it, as it runs where no library of the program is. What the package
registers is what setup.nsi registers for the whole machine.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid5
from xml.etree import ElementTree

NAME = "CallUp Desktop"
PUBLISHER = "CallUp"
UPGRADE_CODE = UUID((Path(__file__).parent / "upgrade-code").read_text(encoding="ascii").strip())
"""All versions have it, and never another: by it Windows finds the one that a newer version replaces."""
EXTENSIONS = (".mp3", ".wav", ".m4a", ".flac")
_CLASS = "CallUp.Profile"
_PROGRAM = "callup-desktop.exe"
_OPEN = f'"[PROGRAMFOLDER]{_PROGRAM}" "%1"'
_ICON = f"[PROGRAMFOLDER]{_PROGRAM},0"
_OWN_KEY = rf"Software\{NAME}"
_SETUPS_ENTRY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\CallUpDesktop"
_GERMAN = (1031, 2055, 3079, 4103, 5127)
"""German of Germany, Switzerland, Austria, Luxembourg and Liechtenstein, as Windows numbers languages."""
_ADMINISTRATORS, _SYSTEM, _USERS = "*S-1-5-32-544", "*S-1-5-18", "*S-1-5-32-545"
_MANAGED_FOLDER = f'"[CommonAppDataFolder]{NAME}"'


class VersionError(ValueError):
    """Raised for a version that Windows Installer cannot compare."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the package says or writes in the language of whoever sees it; ASCII, as the package's strings are."""

    property: str
    english: str
    german: str
    language: str
    """The property that tells the language."""


SENTENCES = (
    Sentence("SENDTEXT", "Send to CallUp", "An CallUp senden", "SystemLanguageID"),
    Sentence(
        "NEWERTEXT",
        f"A newer version of {NAME} is installed, and stays.",
        f"Eine neuere Version von {NAME} ist installiert und bleibt.",
        "UserLanguageID",
    ),
    Sentence(
        "SETUPTEXT",
        f"{NAME} was installed on this computer by its setup program. Remove that first, under Settings, Apps.",
        f"{NAME} wurde auf diesem Computer durch das Setup-Programm installiert. "
        "Bitte das zuerst entfernen: Einstellungen, Apps.",
        "UserLanguageID",
    ),
)


def product_code(version: str) -> UUID:
    """The code by which Windows, Intune and Configuration Manager know this version; raises VersionError.

    Windows Installer compares three numbers, the first two of one byte and the third of two.
    """
    found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})\.(\d{1,5})", version)
    if not found or any(int(part) > most for part, most in zip(found.groups(), (255, 255, 65535), strict=True)):
        raise VersionError(f"an MSI cannot have the version {version}")
    return uuid5(UPGRADE_CODE, version)


def braced(code: UUID) -> str:
    """The code as Windows Installer writes it."""
    return f"{{{code}}}".upper()


def registered() -> Iterator[tuple[str, str, str]]:
    """Key below HKLM, name ("" for the default) and value of everything that Explorer is told."""
    classes = r"Software\Classes"
    yield rf"{classes}\.callup", "", _CLASS
    yield rf"{classes}\{_CLASS}", "", "CallUp profile"
    yield rf"{classes}\{_CLASS}\DefaultIcon", "", _ICON
    yield rf"{classes}\{_CLASS}\shell\open\command", "", _OPEN
    program = rf"{classes}\Applications\{_PROGRAM}"
    yield program, "FriendlyAppName", NAME
    yield rf"{program}\shell\open\command", "", _OPEN
    for extension in EXTENSIONS:
        yield rf"{program}\SupportedTypes", extension, ""
        verb = rf"{classes}\SystemFileAssociations\{extension}\shell\CallUp"
        yield verb, "", "[SENDTEXT]"
        yield verb, "Icon", _ICON
        yield verb, "MultiSelectModel", "Player"
        yield rf"{verb}\command", "", _OPEN


def source(bundle: Path, version: str) -> bytes:
    """The package as WiX writes it down; paths in it begin at a folder with `bundle` and `callup.ico`."""
    wix = ElementTree.Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    product = _in(
        wix,
        "Product",
        Id=braced(product_code(version)),
        Name=NAME,
        Manufacturer=PUBLISHER,
        Version=version,
        Language="1033",
        UpgradeCode=braced(UPGRADE_CODE),
    )
    _in(product, "Package", InstallerVersion="500", Compressed="yes", InstallScope="perMachine", Manufacturer=PUBLISHER)
    _in(product, "MediaTemplate", EmbedCab="yes")
    _replace_older(product, version)
    _in(product, "Icon", Id="callup.ico", SourceFile="callup.ico")
    for name, value in _PROPERTIES.items():
        _in(product, "Property", Id=name, Value=value)
    _refuse_beside_the_setup(product)
    # Chosen once, for all newer versions.
    _search(product, "INPATH", _OWN_KEY, "InPath")
    components = list(_lay_out(product, bundle))
    feature = _in(product, "Feature", Id="Program", Title=NAME, Level="1", Absent="disallow")
    for component in components:
        _in(feature, "ComponentRef", Id=component)
    _in(_in(product, "Feature", Id="Path", Title="Console in PATH", Level="2"), "ComponentRef", Id="InPath")
    _add_actions(product)
    ElementTree.indent(wix)
    written: bytes = ElementTree.tostring(wix, encoding="utf-8", xml_declaration=True)
    return written


_PROPERTIES = {
    **{sentence.property: sentence.english for sentence in SENTENCES},
    "ARPPRODUCTICON": "callup.ico",
    "ARPNOMODIFY": "1",
    # A package tells that the computer has to be started again (3010), and never does it.
    "REBOOT": "ReallySuppress",
    # Every file is the package's own; the libraries of a newer version may be older ones.
    "REINSTALLMODE": "amus",
}

TABLES = {
    # Of the tables that msitools' compiler does not write.
    "Environment": (
        ("Environment", "Name", "Value", "Component_"),
        ("s72", "l255", "L255", "s72"),
        "Environment",
        ("Path", "=-*Path", "[~];[PROGRAMFOLDER]", "InPath"),
    ),
    "Condition": (
        ("Feature_", "Level", "Condition"),
        ("s38", "i2", "S255"),
        "Feature_\tLevel",
        ("Path", "1", "INPATH = 1"),
    ),
}

CHANGES = (
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveEnvironmentStrings', 3300)",
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('WriteEnvironmentStrings', 5200)",
    # Within the transaction: where the newer version fails, the older one is back.
    "INSERT INTO `InstallExecuteSequence` (`Action`, `Sequence`) VALUES ('RemoveExistingProducts', 1501)",
    # A component whose key is a file is passed over where an older library replaces a newer one, and then is gone: so
    # the key of all that have files is their folder. What has a key in the registry has another number here.
    "UPDATE `Component` SET `KeyPath` = '' WHERE `Attributes` = 256",
    # Whoever is no administrator may set it where Windows asks for consent.
    "UPDATE `Property` SET `Value` = 'OLDER;NEWER;INPATH' WHERE `Property` = 'SecureCustomProperties'",
)


def build(bundle: Path, icon: Path, output: Path, version: str) -> Path:
    """Write the package into the folder `output`, and return its path; raises VersionError, CalledProcessError."""
    package = output.resolve() / f"CallUp-Desktop-{version}.msi"
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "callup.wxs").write_bytes(source(bundle, version))
        (work / "callup.ico").write_bytes(icon.read_bytes())
        (work / "bundle").symlink_to(bundle.resolve())
        _told("wixl", "--arch", "x64", "--output", str(package), "callup.wxs", folder=work)
        changed: list[str] = []
        for name, (columns, types, keys, row) in TABLES.items():
            lines = ("\t".join(columns), "\t".join(types), f"{name}\t{keys}", "\t".join(row), "")
            (work / f"{name}.idt").write_text("\r\n".join(lines), encoding="ascii", newline="")
            changed += ["-i", f"{name}.idt"]
        for change in CHANGES:
            changed += ["-q", change]
        _told("msibuild", str(package), *changed, folder=work)
    return package


def _told(*command: str, folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - msitools, with our own words


def _lay_out(product: ElementTree.Element, bundle: Path) -> Iterator[str]:
    """Folders and components, of which the ids are returned, but the one that a feature of its own has."""
    top = _in(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    program = _in(_in(top, "Directory", Id="ProgramFiles64Folder"), "Directory", Id="PROGRAMFOLDER", Name=NAME)
    _in(top, "Directory", Id="ProgramMenuFolder")
    data = _in(_in(top, "Directory", Id="CommonAppDataFolder"), "Directory", Id="MANAGEDFOLDER", Name=NAME)
    _in(_component(data, "Managed"), "CreateFolder")
    yield "Managed"
    explorer = _component(program, "Explorer")
    for number, (key, name, value) in enumerate(registered()):
        named = {"Name": name} if name else {}
        _in(explorer, "RegistryValue", Id=f"r{number}", Root="HKLM", Key=key, Type="string", Value=value, **named)
    _in(
        explorer,
        "Shortcut",
        Id="StartMenu",
        Directory="ProgramMenuFolder",
        Name=NAME,
        Target=f"[PROGRAMFOLDER]{_PROGRAM}",
    )
    yield "Explorer"
    path = _component(program, "InPath")
    _in(path, "RegistryValue", Id="InPath", Root="HKLM", Key=_OWN_KEY, Name="InPath", Type="string", Value="1")
    yield from _lay_out_files(program, bundle, Path())


def _lay_out_files(place: ElementTree.Element, bundle: Path, folder: Path) -> Iterator[str]:
    entries = sorted((bundle / folder).iterdir())
    if files := [entry.name for entry in entries if entry.is_file()]:
        component = _component(place, _id("c", folder))
        for name in files:
            path = folder / name
            _in(component, "File", Id=_id("f", path), Name=name, Source=f"bundle/{path.as_posix()}")
        yield _id("c", folder)
    for entry in entries:
        if entry.is_dir():
            inner = folder / entry.name
            yield from _lay_out_files(_in(place, "Directory", Id=_id("d", inner), Name=entry.name), bundle, inner)


def _replace_older(product: ElementTree.Element, version: str) -> None:
    """Every version is a product of its own, which takes older ones away; what those had in PATH, INPATH says."""
    upgrade = _in(product, "Upgrade", Id=braced(UPGRADE_CODE))
    _in(upgrade, "UpgradeVersion", Minimum="0.0.0", Maximum=version, Property="OLDER")
    _in(upgrade, "UpgradeVersion", Minimum=version, IncludeMinimum="no", OnlyDetect="yes", Property="NEWER")
    _in(product, "Condition", Message="[NEWERTEXT]").text = "NOT NEWER"


def _refuse_beside_the_setup(product: ElementTree.Element) -> None:
    """Both would have the same folder; what the setup program installed, its own uninstaller takes away."""
    _search(product, "SETUPSENTRY", _SETUPS_ENTRY, "UninstallString")
    _in(product, "Condition", Message="[SETUPTEXT]").text = "Installed OR NOT SETUPSENTRY"


def _search(product: ElementTree.Element, found: str, key: str, name: str) -> None:
    """The property `found` is what this computer's registry has there, as far as it has."""
    where = {"Root": "HKLM", "Key": key, "Name": name, "Type": "raw", "Win64": "yes"}
    _in(_in(product, "Property", Id=found), "RegistrySearch", Id=f"s{found}", **where)


def _add_actions(product: ElementTree.Element) -> None:
    """What runs beside Windows Installer's own actions; its numbers say when, as the compiler's order cannot be had."""
    execute, shown = _in(product, "InstallExecuteSequence"), _in(product, "InstallUISequence")
    for number, sentence in enumerate(SENTENCES, start=60):
        _set(product, f"Set{sentence.property}", sentence.property, sentence.german)
        german = " OR ".join(f"{sentence.language} = {language}" for language in _GERMAN)
        for sequence in (execute, shown):
            _at(sequence, number, f"Set{sentence.property}", german)
    _set(product, "SetPlace", "ARPINSTALLLOCATION", "[PROGRAMFOLDER]")
    _at(execute, 1001, "SetPlace")
    # Whoever installs with a window asks his own CallUp to stop. SYSTEM reaches nobody's: there Windows closes it.
    _set(product, "SetProgram", "PROGRAMPATH", f"[PROGRAMFOLDER]{_PROGRAM}")
    _at(execute, 1002, "SetProgram")
    _run(product, "Quit", "PROGRAMPATH", "--quit", Return="ignore", Impersonate="yes")
    _at(execute, 1390, "Quit", "Installed OR OLDER")
    # By default every user may make files in ProgramData: here only administrators may put a managed profile.
    _set(product, "SetRights", "ICACLS", "[System64Folder]icacls.exe")
    _at(execute, 1003, "SetRights")
    rights = " ".join((f"{_ADMINISTRATORS}:(OI)(CI)F", f"{_SYSTEM}:(OI)(CI)F", f"{_USERS}:(OI)(CI)RX"))
    deferred = {"Execute": "deferred", "Impersonate": "no"}
    _run(product, "Own", "ICACLS", f"{_MANAGED_FOLDER} /setowner {_ADMINISTRATORS}", Return="ignore", **deferred)
    _run(product, "Lock", "ICACLS", f"{_MANAGED_FOLDER} /inheritance:r /grant:r {rights}", Return="check", **deferred)
    for number, action in enumerate(("Own", "Lock"), start=3710):
        # wixl writes one dollar for two.
        _at(execute, number, action, "$$Managed = 3")


def _at(sequence: ElementTree.Element, number: int, action: str, condition: str | None = None) -> None:
    _in(sequence, "Custom", Action=action, Sequence=str(number)).text = condition


def _set(product: ElementTree.Element, action: str, name: str, value: str) -> None:
    _in(product, "CustomAction", Id=action, Property=name, Value=value, Impersonate="yes")


def _run(product: ElementTree.Element, action: str, program: str, command: str, **how: str) -> None:
    _in(product, "CustomAction", Id=action, Property=program, ExeCommand=command, **how)


def _component(place: ElementTree.Element, name: str) -> ElementTree.Element:
    return _in(place, "Component", Id=name, Guid=braced(uuid5(UPGRADE_CODE, f"component {name}")), Win64="yes")


def _in(parent: ElementTree.Element, kind: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, kind, attributes)


def _id(kind: str, path: Path) -> str:
    """The same one for the same path in each version."""
    return kind + sha256(path.as_posix().encode()).hexdigest()[:32]


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])}\n")
