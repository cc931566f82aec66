"""Which folder is watched: the one that IT named for every user, else the one that the rep chose. Any thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.config.preferences import Preferences
from callup_desktop.config.profile import Profile


@dataclass(frozen=True, slots=True)
class Watching:
    """A folder whose new recordings become drafts.

    `name` is another one each time it begins anew: what is in the folder then is not new. `by_company` where the rep
    cannot change it; it `sends` what a name gives all details of.
    """

    folder: Path
    name: str
    by_company: bool = False
    sends: bool = False


def watching_of(preferences: Preferences, managed: Profile | None) -> Watching | None:
    """What is watched now, None if nothing is; `managed` is the profile that IT put here for every user, if it is."""
    if managed is not None and managed.watch_folder is not None:
        folder = Path(os.path.expandvars(managed.watch_folder)).expanduser()
        return Watching(folder, f"company {folder}", by_company=True, sends=managed.watch_send)
    if not preferences.watched_folder:
        return None
    folder = Path(preferences.watched_folder)
    return Watching(folder, f"{preferences.watched_since} {folder}")
