"""Damages copies of a bundle, and looks whether the self-test names just that: `python -m installers.holes BUNDLE`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from callup_desktop.self_test_report import REPORT

_TIMEOUT = 60.0


def _remove(file: Path) -> None:
    file.unlink()


def _cut(file: Path) -> None:
    content = file.read_bytes()
    # The copy shares its content with the bundle.
    file.unlink()
    file.write_bytes(content[: len(content) // 2])


@dataclass(frozen=True, slots=True)
class Hole:
    """One file of the bundle, as patterns of which the first that fits counts, and what happens to it."""

    what: str
    patterns: tuple[str, ...]
    damage: Callable[[Path], None] = _remove


HOLES = (
    Hole("icon", ("**/resources/icons/callup.svg",)),
    Hole("language", ("**/resources/translations/callup_de.qm",)),
    Hole("platform plug-in", ("**/plugins/platforms/*qxcb*", "**/plugins/platforms/*q[wc]*")),
    Hole("image format", ("**/plugins/imageformats/*qsvg*",)),
    Hole("TLS plug-in", ("**/plugins/tls/*openssl*", "**/plugins/tls/*")),
    Hole("keyring backend", ("**/keyring-*.dist-info/entry_points.txt",)),
    Hole("certificate authorities", ("**/botocore/cacert.pem", "**/cacert.pem")),
    Hole("native module", ("**/_awscrt*",)),
    Hole("native module, cut", ("**/_re2*",), _cut),
)


def told(bundle: Path, hole: Hole, scratch: Path) -> str:
    """What the self-test of a damaged copy reports; raises SystemExit where it does not name the damage."""
    copy = scratch / "copy"
    shutil.copytree(bundle, copy, symlinks=True, copy_function=os.link)
    try:
        file = next(
            found for pattern in hole.patterns for found in sorted(copy.glob(pattern)) if not found.is_symlink()
        )
        hole.damage(file)
        program = copy / ("callup-desktop.exe" if sys.platform == "win32" else "callup-desktop")
        environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(  # noqa: S603 - our own
            [program, "--self-test", scratch], env=environ, capture_output=True, timeout=_TIMEOUT, check=False
        )
        report = (scratch / REPORT).read_text(encoding="utf-8") if (scratch / REPORT).exists() else ""
        if done.returncode != 1 or f": {file.relative_to(copy).as_posix()}. " not in report:
            raise SystemExit(f"{hole.what}: exit code {done.returncode}, {report or done.stderr.decode()}")
        return report
    finally:
        (scratch / REPORT).unlink(missing_ok=True)
        shutil.rmtree(copy)


def main(bundle: Path) -> None:
    """A line for each hole; ends with SystemExit at the first that passes for whole."""
    # Beside the bundle, where links to its files are possible.
    with TemporaryDirectory(prefix="holes-", dir=bundle.resolve().parent) as scratch:
        for hole in HOLES:
            sys.stdout.write(f"{hole.what}: {told(bundle, hole, Path(scratch))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
