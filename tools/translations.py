"""Brings the translations up to date: `python -m tools.translations` reads the sources, then compiles what is written.

Plural forms of English follow from the sources' "(s)"; German is written by hand in callup_de.ts.
"""

import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
FOLDER = _ROOT / "resources" / "translations"
SOURCES = (_ROOT / "callup_desktop" / "presentation", _ROOT / "callup_desktop" / "ui")


def tool(name: str) -> str:
    """One of PySide's tools, beside the running Python."""
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(Path(sysconfig.get_path("scripts")) / f"{name}{suffix}")


def read_sources(target: Path, language: str) -> None:
    """Bring one .ts file in line with the sources; messages that are gone leave."""
    sources = [str(path) for path in sorted(path for folder in SOURCES for path in folder.rglob("*.py"))]
    options = ["-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language]
    subprocess.run([tool("pyside6-lupdate"), *sources, *options, "-ts", str(target)], check=True, capture_output=True)


def fill_english(target: Path) -> None:
    """English says what the source says; only plural forms need a translation."""
    tree = ElementTree.parse(target)  # noqa: S314 - written by lupdate a moment ago
    for context in tree.getroot().iter("context"):
        for message in list(context.iter("message")):
            if message.get("numerus") != "yes":
                context.remove(message)
                continue
            source = message.findtext("source", "")
            translation = message.find("translation")
            if translation is not None:
                translation.attrib.pop("type", None)
                forms = (source.replace("(s)", ""), source.replace("(s)", "s"))
                for form, text in zip(translation.findall("numerusform"), forms, strict=True):
                    form.text = text
    for context in list(tree.getroot().findall("context")):
        if context.find("message") is None:
            tree.getroot().remove(context)
    target.write_text('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n', encoding="utf-8")
    with target.open("ab") as file:
        tree.write(file, encoding="utf-8")
        file.write(b"\n")


def compile_all(folder: Path) -> None:
    """Compile each .ts file beside itself."""
    for source in sorted(folder.glob("*.ts")):
        command = [tool("pyside6-lrelease"), str(source), "-qm", str(source.with_suffix(".qm"))]
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Update and compile."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "callup_en.ts").unlink(missing_ok=True)
    read_sources(FOLDER / "callup_en.ts", "en")
    fill_english(FOLDER / "callup_en.ts")
    read_sources(FOLDER / "callup_de.ts", "de")
    compile_all(FOLDER)


if __name__ == "__main__":
    main()
