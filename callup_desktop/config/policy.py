"""What IT decided for every user of this computer. Any thread."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def managed_profile(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The profile that IT put on this machine for every user, or None. Its values cannot be changed by the rep."""
    places = {
        "win32": Path(environ.get("PROGRAMDATA", r"C:\ProgramData")) / "CallUp Desktop",
        "darwin": Path("/Library/Application Support/CallUp Desktop"),
    }
    path = places.get(platform, Path("/etc/callup-desktop")) / "managed.callup"
    return path if path.is_file() else None
