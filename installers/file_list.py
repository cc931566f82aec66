"""Writes the list that the self-test compares with: `python -m installers.file_list TOP LIST [FREE...]`.

It is written when the bundle is frozen, and once more by what signs programs, as a signature changes them. FREE are
paths whose content may still change: a macOS bundle's own program is signed last, together with this list. It needs
nothing but Python, as a bundle is signed where no library of the program is.
"""

import sys
from pathlib import Path

from callup_desktop.installed_files import files_in, written


def write_list(top: Path, place: Path, *, free: tuple[str, ...] = ()) -> None:
    """List all files below `top` in `place`, which is below it too."""
    place.write_text(written(files_in(top, unsealed=free)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_list(Path(sys.argv[1]), Path(sys.argv[2]), free=tuple(sys.argv[3:]))
