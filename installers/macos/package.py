"""What the macOS package says of itself, made on any system: the component's property list and the distribution."""

import plistlib
import sys
from pathlib import Path
from xml.etree import ElementTree

from callup_desktop import __version__
from installers.macos.info import BUNDLE_ID, NAME, OLDEST_SYSTEM

COMPONENTS = "components.plist"
DISTRIBUTION = "distribution.xml"
PROGRAM = "program.pkg"
QUICK_ACTION = "quick-action.pkg"


def components() -> bytes:
    """The bundle as a component: always in /Applications, wherever a copy lies, and whichever version is there."""
    return plistlib.dumps(
        [
            {
                "RootRelativeBundlePath": f"{NAME}.app",
                "BundleIsRelocatable": False,
                "BundleIsVersionChecked": False,
                "BundleHasStrictIdentifier": True,
                "BundleOverwriteAction": "upgrade",
            }
        ]
    )


def distribution(version: str, architecture: str) -> bytes:
    """One package for the whole machine; the Installer asks nothing but the password. `architecture` is uname's."""
    script = ElementTree.Element("installer-gui-script", minSpecVersion="2")
    ElementTree.SubElement(script, "title").text = NAME
    ElementTree.SubElement(script, "license", {"file": "LICENSE", "mime-type": "text/plain"})
    ElementTree.SubElement(
        script,
        "options",
        {"customize": "never", "require-scripts": "false", "hostArchitectures": architecture, "rootVolumeOnly": "true"},
    )
    ElementTree.SubElement(
        script, "domains", enable_anywhere="false", enable_currentUserHome="false", enable_localSystem="true"
    )
    check = ElementTree.SubElement(ElementTree.SubElement(script, "volume-check"), "allowed-os-versions")
    ElementTree.SubElement(check, "os-version", min=OLDEST_SYSTEM)
    outline = ElementTree.SubElement(ElementTree.SubElement(script, "choices-outline"), "line", choice="default")
    ElementTree.SubElement(outline, "line", choice=BUNDLE_ID)
    ElementTree.SubElement(script, "choice", id="default")
    choice = ElementTree.SubElement(script, "choice", id=BUNDLE_ID, visible="false")
    for identifier, package in ((BUNDLE_ID, PROGRAM), (f"{BUNDLE_ID}.quick-action", QUICK_ACTION)):
        ElementTree.SubElement(choice, "pkg-ref", id=identifier)
        ElementTree.SubElement(script, "pkg-ref", id=identifier, version=version).text = package
    told: bytes = ElementTree.tostring(script, encoding="utf-8", xml_declaration=True)
    return told


def main(folder: str, architecture: str) -> None:
    """Write both files into the folder."""
    Path(folder, COMPONENTS).write_bytes(components())
    Path(folder, DISTRIBUTION).write_bytes(distribution(__version__, architecture))


if __name__ == "__main__":
    main(*sys.argv[1:])
