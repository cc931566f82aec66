"""What the rep set on this computer: limits, choices, and what was explained already. No Qt; main thread."""

import tomllib
from pathlib import Path
from typing import Annotated

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callup_desktop.config.atomic import write_atomically


class Preferences(BaseModel):
    """The settings page; `bandwidth_limit` is bytes a second, None for as fast as the link is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bandwidth_limit: Annotated[int | None, Field(gt=0)] = None
    files_at_once: Annotated[int | None, Field(ge=1, le=16)] = None
    """None: what the profile says."""
    launch_at_login: bool = False
    keep_awake: bool = True
    notify: bool = True
    close_explained: bool = False
    watched_folder: str = ""
    """Its new recordings become drafts; "" where none is watched."""
    watched_since: str = ""
    """When the rep chose the folder."""


class PreferencesFile:
    """Preferences in one TOML file; a file that cannot be read counts as none."""

    def __init__(self, path: Path | None) -> None:
        """Read them; without a path they last as long as this run."""
        self._path = path
        self.now = _read(path) if path else Preferences()

    def change(self, **values: object) -> Preferences:
        """The preferences with these values, kept; raises OSError where they cannot be kept."""
        self.now = Preferences.model_validate({**self.now.model_dump(), **values})
        if self._path is None:
            return self.now
        kept = self.now.model_dump(exclude_none=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, tomli_w.dumps(kept).encode())
        return self.now


def _read(path: Path) -> Preferences:
    try:
        return Preferences.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        return Preferences()
