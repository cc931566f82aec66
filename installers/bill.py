"""Writes the bill of materials of a frozen bundle, as CycloneDX: `python -m installers.bill BUNDLE OUTPUT`.

It runs under the Python that froze the bundle, whose libraries are those in it. Every native file has its hash.
"""

import argparse
import hashlib
import json
import platform
import pyexpat
import sqlite3
import ssl
import sys
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.backends.openssl import backend
from packaging.utils import canonicalize_name
from PySide6.QtCore import qVersion

from callup_desktop import __version__
from tools.licences import libraries, licence_of

_NATIVE = (".so", ".dylib", ".dll", ".pyd", ".exe")
_PROGRAMS = {"callup", "callup-desktop"}


class BillError(Exception):
    """Raised where a bundle does not hold what is said of it; the text names the part."""


@dataclass(frozen=True, slots=True)
class NativePart:
    """What no package of Python's index names: its version, and how one of its files is called in every bundle."""

    name: str
    version: str
    cpe: str
    files: tuple[str, ...]

    def is_in(self, names: Iterable[str]) -> bool:
        """Whether one of these files is of it."""
        return any(own in name.lower() for name in names for own in self.files)


def native_parts() -> list[NativePart]:
    """The versions that this Python runs with, which are those that it freezes."""
    openssl = ssl.OPENSSL_VERSION.split()[1]
    return [
        NativePart("CPython", platform.python_version(), "python:python", ("python3", "/python", "base_library.zip")),
        NativePart("Qt", str(qVersion()), "qt:qt", ("qt6core", "qtcore")),
        NativePart("OpenSSL", openssl, "openssl:openssl", ("libcrypto", "libssl", "_ssl")),
        # The library `cryptography` brings its own, compiled in.
        NativePart(
            "OpenSSL", backend.openssl_version_text().split()[1], "openssl:openssl", ("cryptography/hazmat/bindings",)
        ),
        NativePart("SQLite", sqlite3.sqlite_version, "sqlite:sqlite", ("sqlite3",)),
        # On Windows both are compiled into Python's own library.
        NativePart(
            "Expat", pyexpat.EXPAT_VERSION.removeprefix("expat_"), "libexpat_project:libexpat", ("python3", "expat")
        ),
        NativePart("zlib", zlib.ZLIB_RUNTIME_VERSION, "zlib:zlib", ("python3", "zlib", "libz")),
    ]


def bill(bundle: Path, parts: Iterable[NativePart], *, now: datetime) -> dict[str, Any]:
    """The bill of what lies in the folder; raises BillError where a part that is named has no file there."""
    names = sorted(file.relative_to(bundle).as_posix() for file in bundle.rglob("*") if file.is_file())
    missing = [part.name for part in parts if not part.is_in(names)]
    if missing:
        raise BillError(f"not in {bundle.name}: {', '.join(missing)}")
    described = [
        *(_native(part) for part in parts),
        *(_package(name, known.version, licence_of(known)) for name, known in libraries().items()),
        *(_file(bundle, name) for name in names if _is_native(name)),
    ]
    program = {"type": "application", "bom-ref": "callup-desktop", "name": "callup-desktop", "version": __version__}
    refs = sorted({str(part["bom-ref"]) for part in described})
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"timestamp": now.isoformat(timespec="seconds"), "component": program},
        "components": described,
        "dependencies": [{"ref": "callup-desktop", "dependsOn": refs}],
    }


def _native(part: NativePart) -> Mapping[str, Any]:
    ref = f"{part.name.lower()}@{part.version}#{part.files[0]}"
    cpe = f"cpe:2.3:a:{part.cpe}:{part.version}:*:*:*:*:*:*:*"
    purl = f"pkg:generic/{part.name.lower()}@{part.version}"
    return {"type": "library", "bom-ref": ref, "name": part.name, "version": part.version, "cpe": cpe, "purl": purl}


def _package(name: str, version: str, licence: str) -> Mapping[str, Any]:
    name = canonicalize_name(name)
    purl = f"pkg:pypi/{name}@{version}"
    licences = [{"license": {"name": licence}}]
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "licenses": licences}


def _file(bundle: Path, name: str) -> Mapping[str, Any]:
    with (bundle / name).open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"type": "file", "bom-ref": name, "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def _is_native(name: str) -> bool:
    last = name.rpartition("/")[2]
    # Libraries of Linux have their version behind the suffix, frameworks of macOS none at all.
    return last in _PROGRAMS or last.endswith(_NATIVE) or ".so." in last or ".framework/" in name


def main() -> int:
    """Write the bill; 1 where the bundle is not what this Python froze."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("bundle", type=Path)
    asked.add_argument("output", type=Path)
    chosen = asked.parse_args()
    try:
        written = bill(chosen.bundle, native_parts(), now=datetime.now(UTC))
    except BillError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    chosen.output.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
