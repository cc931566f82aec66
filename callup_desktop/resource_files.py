"""Where the program's own files lie: icons, translations, licences and the sample recording. Any thread."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder() -> Path:
    """In the package where pip, pipx or uv installed it; beside it in the source tree and in a bundle."""
    packed = _PACKAGE / "resources"
    return packed if packed.is_dir() else _PACKAGE.parent / "resources"


RESOURCES = _folder()
