"""Whose work a frozen bundle holds, and under which licence; nothing unknown and nothing of the GPL gets past it.

Each file that PyInstaller collected belongs to a Python distribution by its RECORD, to Python itself, or to a part of
licences/parts.toml, which also says what is compiled into others.
"""

import json
import os
import platform
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import distribution, distributions
from pathlib import Path
from typing import Any

from license_expression import LicenseSymbol, LicenseWithExceptionSymbol, Licensing
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from installers.trim import Entry
from tools.licences import licence_of

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / "installers" / "licences"
_PYPI = "https://pypi.org/project"
_LICENSING = Licensing()


class LicenceError(Exception):
    """Raised where a bundle may not be given to anybody; the text names every file or part that is the reason."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody else's work in the bundle."""

    name: str
    version: str
    licence: str
    """An SPDX expression."""
    source: str
    texts: tuple[str, ...]
    copyright: str = ""
    inside: tuple[str, ...] = ()
    """Names of the parts that it is compiled into."""
    files: tuple[str, ...] = ()
    """Places in the bundle; none for what is compiled in, or lies in the programs' archive."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content of parts.toml."""

    accepted: frozenset[str]
    known: tuple[Mapping[str, Any], ...]
    distributions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    crates: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def accepts(self, licence: str) -> bool:
        """Whether a bundle may hold something under this; words that are no SPDX expression are not enough."""
        try:
            written = canonicalize_license_expression(licence)
        except InvalidLicenseExpression:
            return False
        return self._holds(_LICENSING.parse(written))

    def _holds(self, expression: Any) -> bool:
        if isinstance(expression, LicenseSymbol | LicenseWithExceptionSymbol):
            return expression.render() in self.accepted
        enough = any if isinstance(expression, _LICENSING.OR) else all
        return enough(self._holds(part) for part in expression.args)


def catalogue() -> Catalogue:
    """What parts.toml says."""
    said = tomllib.loads((_FOLDER / "parts.toml").read_text(encoding="utf-8"))
    return Catalogue(frozenset(said["accepted"]), tuple(said["part"]), said["distributions"], said["crates"])


def parts_of(
    entries: Iterable[Entry], known: Catalogue, *, own: Path = _ROOT, build: Path = _ROOT / "build"
) -> list[Part]:
    """Everything of others in what PyInstaller collected, by name; raises LicenceError.

    `own` is the source tree, which is nobody else's, and `build` where PyInstaller puts what it makes itself.
    """
    owners = _Owners(known, own, build)
    found: dict[str, Part] = {}
    unknown = []
    for place, source, kind in entries:
        if kind == "SYMLINK" or source in {"", "-"}:
            continue
        part = owners.of(place.replace("\\", "/"), source)
        if part is None:
            unknown.append(f"{place} ({source})")
        elif part is not _OURS:
            first = found.get(part.name, part)
            # A module's place is its name: it lies in the archive.
            files = (place.replace("\\", "/"),) if not kind.startswith("PYMODULE") else ()
            found[part.name] = replace(
                first,
                # One part may come from several packages.
                version=", ".join(dict.fromkeys(filter(None, (*first.version.split(", "), part.version)))),
                files=first.files + files,
                texts=tuple(dict.fromkeys((*first.texts, *part.texts))),
            )
    if unknown:
        raise LicenceError("nobody is known to have made: " + ", ".join(sorted(unknown)))
    _add_compiled_in(found, known)
    _refuse(found.values(), known)
    return sorted(found.values(), key=lambda part: part.name.lower())


def _add_compiled_in(found: dict[str, Part], known: Catalogue) -> None:
    names = {name.lower() for name in found}
    for said in known.known:
        holders = tuple(name for name in said.get("inside", ()) if name.lower() in names)
        if holders:
            part = found.get(said["name"]) or _known_part(said)
            found[part.name] = replace(part, inside=holders)
    for part in [part for name in list(found) for part in _crates(name, known)]:
        found.setdefault(part.name, part)


def _refuse(parts: Iterable[Part], known: Catalogue) -> None:
    refused = [f"{part.name}, {part.licence or 'none named'}" for part in parts if not known.accepts(part.licence)]
    if refused:
        raise LicenceError("not under an accepted licence: " + "; ".join(sorted(refused)))
    silent = [part.name for part in parts if not part.texts]
    if silent:
        raise LicenceError("without the text of their licence: " + ", ".join(sorted(silent)))


_OURS = Part("CallUp Desktop", "", "MIT", "", ())


class _Owners:
    """Tells of one file whose it is."""

    def __init__(self, known: Catalogue, own: Path, build: Path) -> None:
        self._known = known
        self._own = own.resolve()
        self._build = build.resolve()
        self._recorded = _recorded_files()
        self._distributions: dict[str, Part] = {}
        self._python = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
        # The embeddable Python of Windows has it in an archive of this name.
        zipped = f"python{sys.version_info.major}{sys.version_info.minor}.zip"
        self._python |= {Path(place).resolve() for place in sys.path if Path(place).name == zipped}

    def of(self, place: str, source: str) -> Part | None:
        for said in self._known.known:
            if any(_fits(place, pattern) for pattern in said.get("files", ())):
                return _known_part(said, source)
        file = Path(source).absolute()
        if owner := self._recorded.get(_key(file)) or self._recorded.get(_key(file.resolve())):
            return self._distribution(owner)
        return self._by_folder(file.resolve())

    def _distribution(self, name: str) -> Part:
        if name not in self._distributions:
            self._distributions[name] = _distribution_part(name, self._known)
        return self._distributions[name]

    def _by_folder(self, file: Path) -> Part | None:
        # A virtual environment may lie in the source tree, the build folder does: the narrower one counts.
        if file.is_relative_to(self._build):
            return self._distribution("pyinstaller")
        if "site-packages" in file.parts or "dist-packages" in file.parts:
            return None
        if any(file.is_relative_to(folder) for folder in self._python) or _is_pythons_own(file):
            return _known_part(next(said for said in self._known.known if said["name"] == "CPython"))
        return _OURS if file.is_relative_to(self._own) else None


def _is_pythons_own(file: Path) -> bool:
    """Windows keeps the extension modules beside the interpreter, or in a folder of their own."""
    return file.suffix == ".pyd" and file.is_relative_to(Path(sys.base_prefix).resolve())


def _fits(place: str, pattern: str) -> bool:
    # Windows' own libraries are written in either case.
    looked_at = place if "/" in pattern else place.rpartition("/")[2]
    return fnmatchcase(looked_at.lower(), pattern.lower())


def _key(file: str | Path) -> str:
    return os.path.normcase(file)


@cache
def _recorded_files() -> dict[str, str]:
    """The distribution of each installed file."""
    recorded: dict[str, str] = {}
    for known in distributions():
        top, name = str(Path(str(known.locate_file(""))).absolute()), known.name
        recorded |= {_key(os.path.join(top, *file.parts)): name for file in known.files or ()}  # noqa: PTH118 - 100,000 files
    return recorded


@cache
def _text(name: str) -> str:
    return (_FOLDER / "texts" / name).read_text(encoding="utf-8")


def _known_part(said: Mapping[str, Any], source: str = "") -> Part:
    """A part of the table, with what the Debian package says that `source` came from, if it did."""
    version, texts = "", tuple(map(_text, said.get("texts", ())))
    if said["name"] == "CPython":
        version = platform.python_version()
    elif said["name"] == "Qt":
        version = distribution("PySide6_Essentials").version
    elif package := _debian_package(source):
        name, version = package[0], " ".join(package)
        texts += (Path("/usr/share/doc", name, "copyright").read_text(encoding="utf-8", errors="replace"),)
    return Part(said["name"], version, said["licence"], said["source"], texts, said.get("copyright", ""))


@cache
def _debian_package(source: str) -> tuple[str, str] | None:
    """Name and version of the package that a file was installed by, on Debian and its kin."""
    if not source.startswith(("/lib", "/usr/lib")):
        return None
    bare = source.removeprefix("/usr")
    for path in (f"/usr{bare}", bare):
        try:
            answer = _answer("dpkg-query", "--search", path)
        except (OSError, subprocess.CalledProcessError):
            continue
        name = answer.partition(":")[0]
        return name, _answer("dpkg-query", "--show", "--showformat=${Version}\n", name).splitlines()[0]
    return None


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed words


@cache
def _own_texts(name: str) -> tuple[str, ...]:
    """The licences that a distribution brings in its own folder."""
    known = distribution(name)
    inside = [file for file in known.files or () if file.parts[0].endswith(".dist-info")]
    wanted = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
    files = [file for file in inside if file.name.upper().startswith(wanted) or "licenses" in file.parts]
    return tuple(Path(str(known.locate_file(file))).read_text(encoding="utf-8", errors="replace") for file in files)


def _distribution_part(name: str, known: Catalogue) -> Part:
    told = distribution(name)
    said = known.distributions.get(told.name.lower(), {})
    texts = _own_texts(name) + tuple(map(_text, said.get("texts", ())))
    return Part(told.name, told.version, said.get("licence") or licence_of(told), f"{_PYPI}/{told.name}/", texts)


def _named_in(expression: str) -> list[str]:
    return [symbol.render() for symbol in _LICENSING.license_symbols(expression, decompose=False)]


def _crates(name: str, known: Catalogue) -> Iterator[Part]:
    """What a wheel says by its bill of materials (PEP 770) is compiled into it."""
    try:
        files = [file for file in distribution(name).files or () if "sboms" in file.parts]
    except ModuleNotFoundError:
        return
    for file in files:
        bill = json.loads(Path(str(distribution(name).locate_file(file))).read_text(encoding="utf-8"))
        for crate in bill.get("components", ()):
            licences = [
                entry.get("expression") or entry["license"].get("id", "") for entry in crate.get("licenses", ())
            ]
            if licences:
                expression = " AND ".join(f"({licence})" if " OR " in licence else licence for licence in licences)
                yield Part(
                    f"{crate['name']} (crate)",
                    crate["version"],
                    expression,
                    f"https://crates.io/crates/{crate['name']}",
                    tuple(_text(text) for licence in _named_in(expression) for text in known.crates.get(licence, ())),
                    inside=(name,),
                )
