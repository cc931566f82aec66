"""What IT decided for every user of this computer: a managed profile, and single keys that nobody else may set.

Only what an administrator put there counts: owner and rights are looked at before a byte is believed. Any thread.
"""

import os
import plistlib
import stat
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from callup_desktop.config.preferences import Preferences
from callup_desktop.config.profile import ALL_KEYS, LARGEST_PROFILE, LIST_KEYS, AnyProfile, are_whole, profile_of
from callup_desktop.config.reading import read_small
from callup_desktop.config.windows import is_owned_by_administrators, policy_values

REGISTRY_KEY = r"Software\Policies\CallUp Desktop"
_MAC_DOMAIN = "com.callup.desktop.plist"
_MAC_FOLDER = Path("/Library/Managed Preferences")
_MACS_OWN = ("Payload", "_")
"""How the keys begin that macOS writes beside those of an MDM."""
_LINUX_FOLDER = Path("/etc/callup-desktop")
_ROOT = 0


class ManagedFault(StrEnum):
    """Why a file of IT's is not believed; the words are in `presentation/messages`."""

    UNREADABLE = "managed_unreadable"
    NOT_A_FILE = "managed_not_a_file"
    NOT_ADMINS = "managed_not_admins"
    INVALID = "managed_invalid"


class ManagedFileError(Exception):
    """Raised where a file stands in IT's place that cannot be read or was not put there by an administrator."""

    def __init__(self, path: Path, fault: ManagedFault, key: str = "") -> None:
        super().__init__(f"{path}: {fault} {key}".rstrip())
        self.path = path
        self.fault = fault
        self.key = key


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """What IT set one key to, and where."""

    value: object
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys that IT set, by the names they have in a profile or among the preferences; they are locked."""

    keys: Mapping[str, PolicyValue] = field(default_factory=lambda: MappingProxyType({}))

    def is_locked(self, key: str) -> bool:
        """Whether the company set it, so that nobody else does."""
        return key in self.keys

    def profile_values(self) -> dict[str, object]:
        """What it says of the profile."""
        return {key: found.value for key, found in self.keys.items() if key in ALL_KEYS}

    def profile(self) -> AnyProfile | None:
        """The profile that the keys make without any file, None where one is missing that each needs.

        Raises ProfileError for one that is not right.
        """
        values = self.profile_values()
        return profile_of(values, self.place) if are_whole(values) else None

    @property
    def place(self) -> Path:
        """Where the profile's name stands, which may be in the Windows registry."""
        return Path(self.keys["name"].source)

    def preference_values(self) -> dict[str, object]:
        """What it says of the preferences."""
        return {key: found.value for key, found in self.keys.items() if key in Preferences.model_fields}


def managed_profile(
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    is_admins: Callable[[Path], bool] | None = None,
) -> Path | None:
    """The profile that IT put on this machine for every user, or None; raises ManagedFileError.

    Its values cannot be changed by the rep. `is_admins` says whether only administrators can have put a path there.
    """
    places = {
        "win32": Path(environ.get("PROGRAMDATA", r"C:\ProgramData")) / "CallUp Desktop",
        "darwin": Path("/Library/Application Support/CallUp Desktop"),
    }
    path = places.get(platform, _LINUX_FOLDER) / "managed.callup"
    return path if _is_believed(path, is_admins or _is_admins) else None


def read_policy(
    platform: str = sys.platform,
    *,
    user: str = "",
    folder: Path | None = None,
    is_admins: Callable[[Path], bool] | None = None,
    registry: Callable[[str], Iterable[tuple[str, str, object]]] = policy_values,
) -> Policy:
    """The keys that IT set on this computer, those of the machine before those of the user.

    Raises ManagedFileError for a file that is not an administrator's, and for a key that nobody knows. `folder` is
    where files are looked for, `registry` gives (source, name, value) of a key of the Windows registry.
    """
    believed = is_admins or _is_admins
    found: dict[str, PolicyValue] = {}
    if platform == "win32":
        for source, name, value in registry(REGISTRY_KEY):
            found.setdefault(name, PolicyValue(_as_one_text(name, value), source))
        return _checked(found, Path(REGISTRY_KEY))
    if platform == "darwin":
        base = folder or _MAC_FOLDER
        files = (base / _MAC_DOMAIN, *((base / user / _MAC_DOMAIN,) if user else ()))
    else:
        files = ((folder or _LINUX_FOLDER) / "policy.toml",)
    for file in files:
        if _is_believed(file, believed):
            for name, value in _values_in(file).items():
                found.setdefault(name, PolicyValue(value, str(file)))
    return _checked(found, files[0])


def _as_one_text(name: str, value: object) -> object:
    """The value; lines are one text where the key is no list, as Group Policy has no other text of many lines."""
    return "\n".join(map(str, value)) if isinstance(value, list) and name not in LIST_KEYS else value


def _checked(found: dict[str, PolicyValue], path: Path) -> Policy:
    unknown = found.keys() - ALL_KEYS - Preferences.model_fields.keys()
    if unknown:
        raise ManagedFileError(path, ManagedFault.INVALID, min(unknown))
    policy = Policy(MappingProxyType(found))
    try:
        Preferences.model_validate(policy.preference_values())
    except ValidationError as exc:
        key = str(exc.errors()[0]["loc"][0])
        raise ManagedFileError(path, ManagedFault.INVALID, key) from exc
    return policy


def _values_in(file: Path) -> dict[str, object]:
    try:
        content = read_small(file, LARGEST_PROFILE)
        if file.suffix == ".plist":
            values: dict[str, object] = dict(plistlib.loads(content))
            return {key: value for key, value in values.items() if not key.startswith(_MACS_OWN)}
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as exc:
        raise ManagedFileError(file, ManagedFault.UNREADABLE) from exc
    except (ValueError, TypeError, RecursionError) as exc:
        raise ManagedFileError(file, ManagedFault.INVALID) from exc


def _is_believed(path: Path, is_admins: Callable[[Path], bool]) -> bool:
    """Whether a file is there that only administrators can have put there; False if nothing is."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            raise ManagedFileError(path, ManagedFault.UNREADABLE) from None
        return False
    except OSError as exc:
        raise ManagedFileError(path, ManagedFault.UNREADABLE) from exc
    if not stat.S_ISREG(found.st_mode):
        raise ManagedFileError(path, ManagedFault.NOT_A_FILE)
    # Where a link leads, too: whoever may write there says what is read.
    if not all(map(is_admins, (path, path.parent, path.resolve().parent))):
        raise ManagedFileError(path, ManagedFault.NOT_ADMINS)
    if not os.access(path, os.R_OK):
        raise ManagedFileError(path, ManagedFault.UNREADABLE)
    return True


def _is_admins(path: Path) -> bool:
    """Whether an administrator owns the path and nobody else may write there."""
    if sys.platform == "win32":
        return is_owned_by_administrators(path)
    # The link itself, too: whoever may replace it says what is read.
    looked_at = (path.lstat(), path.stat())
    return all(found.st_uid == _ROOT for found in looked_at) and not looked_at[1].st_mode & (
        stat.S_IWGRP | stat.S_IWOTH
    )
