"""Fills winget's manifests for a release: `python -m installers.windows.winget RELEASE REPOSITORY VERSION OUTPUT`.

RELEASE is the folder with the setup program and the MSI, REPOSITORY the address of the project whose release has them.
Nothing but Python, as it runs where no library of the program is.
"""

import sys
from hashlib import sha256
from pathlib import Path
from string import Template

from installers.windows.package import UPGRADE_CODE, braced, product_code

IDENTIFIER = "CallUp.CallUpDesktop"
_TEMPLATES = Path(__file__).parent / "winget"


def manifests(release: Path, repository: str, version: str) -> dict[str, str]:
    """Name and content of each manifest; raises OSError where a package is missing, VersionError."""
    setup, msi = (release / f"CallUp-Desktop-{version}{end}" for end in ("-setup.exe", ".msi"))
    values = {
        "version": version,
        "repository": repository.rstrip("/"),
        "setup": setup.name,
        "setup_sha256": _digest(setup),
        "msi": msi.name,
        "msi_sha256": _digest(msi),
        "product_code": braced(product_code(version)),
        "upgrade_code": braced(UPGRADE_CODE),
    }
    return {
        _name(template): Template(template.read_text(encoding="utf-8")).substitute(values)
        for template in sorted(_TEMPLATES.glob("*.yaml"))
    }


def _name(template: Path) -> str:
    kind = "" if template.stem == "version" else f".{template.stem}"
    return f"{IDENTIFIER}{kind}.yaml"


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest().upper()


if __name__ == "__main__":
    folder = Path(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in manifests(Path(sys.argv[1]), sys.argv[2], sys.argv[3]).items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
