"""What the rep set on this computer: limits, choices, the window's place, what was explained. No Qt; main thread."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.reading import read_small


class Preferences(BaseModel):
    """The settings page, and what the window remembers by itself.

    `bandwidth_limit` is bytes a second, None for as fast as the link is. `window_place` is Qt's, in base 64; the pane's
    sizes are in pixels.
    """

    # Built when they are read, which a console does not.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    bandwidth_limit: Annotated[int | None, Field(gt=0)] = None
    files_at_once: Annotated[int | None, Field(ge=1, le=16)] = None
    """None: what the profile says."""
    launch_at_login: bool = False
    keep_awake: bool = True
    notify: bool = True
    close_explained: bool = False
    minimise_explained: bool = False
    window_place: str = ""
    pane_width: Annotated[int | None, Field(gt=0)] = None
    pane_height: Annotated[int | None, Field(gt=0)] = None
    watched_folder: str = ""
    """Its new recordings become drafts; "" where none is watched."""
    watched_since: str = ""
    """When the rep chose the folder."""


class PreferencesFile:
    """Preferences in one TOML file; a file that cannot be read counts as none.

    `fixed` are those that IT set: they are what they are, whatever the rep sets.
    """

    def __init__(self, path: Path | None, fixed: Mapping[str, object] | None = None) -> None:
        """Read them; without a path they last as long as this run."""
        self._path = path
        self.fixed: Mapping[str, object] = fixed or {}
        self._own = _read(path) if path else Preferences()
        self.now = self._with_fixed()

    def change(self, **values: object) -> Preferences:
        """The preferences with these values, kept; raises OSError where they cannot be kept."""
        free = {name: value for name, value in values.items() if name not in self.fixed}
        self._own = Preferences.model_validate({**self._own.model_dump(), **free})
        self.now = self._with_fixed()
        if self._path is None:
            return self.now
        kept = self._own.model_dump(exclude_none=True)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, tomli_w.dumps(kept).encode())
        return self.now

    def _with_fixed(self) -> Preferences:
        return Preferences.model_validate({**self._own.model_dump(), **self.fixed})


def _read(path: Path) -> Preferences:
    try:
        return Preferences.model_validate(tomllib.loads(read_small(path).decode()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        return Preferences()
