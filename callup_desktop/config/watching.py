"""Which folder is watched: the one that IT named for every user, else the one that the rep chose. Any thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from callup_desktop.config.policy import Policy
from callup_desktop.config.preferences import Preferences
from callup_desktop.config.profile import AnyProfile


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


@dataclass(frozen=True, slots=True)
class CompanyFolder:
    """The folder that IT set, as IT wrote it, and whether it sends."""

    folder: str
    sends: bool = False


def company_folder_of(profile: AnyProfile, policy: Policy, *, managed: bool) -> CompanyFolder | None:
    """The folder that IT set, in a `managed` profile or as a key of its own; what a rep imported sets none."""

    def counts(key: str) -> bool:
        return managed or policy.is_locked(key)

    if profile.watch_folder is None or not counts("watch_folder"):
        return None
    return CompanyFolder(profile.watch_folder, sends=profile.watch_send and counts("watch_send"))


def watching_of(preferences: Preferences, company: CompanyFolder | None) -> Watching | None:
    """What is watched now, None if nothing is."""
    if company is not None:
        folder = Path(os.path.expandvars(company.folder)).expanduser()
        return Watching(folder, f"company {folder}", by_company=True, sends=company.sends)
    if not preferences.watched_folder:
        return None
    folder = Path(preferences.watched_folder)
    return Watching(folder, f"{preferences.watched_since} {folder}")
