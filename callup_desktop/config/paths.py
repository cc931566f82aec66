"""Where this computer keeps configuration, journal and logs; `CALLUP_HOME` moves all of it into one folder."""

import errno
import os
import stat
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "CallUp Desktop"
_ROOT = 0
_NOBODY = 65534
"""Owns in a container what belongs to a user that is not known in it, such as the root of the computer."""


class HomeOfAnotherError(PermissionError):
    """Raised where another user made the home, or something in it, or may put another one in its place."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EPERM, "belongs to another user", str(path))


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one user; two programs on the same home share one journal, which has one owner."""

    config: Path
    data: Path
    logs: Path

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.data / "journal.sqlite3"

    @property
    def owner_lock(self) -> Path:
        """Locked by the process that owns the journal."""
        return self.data / "owner.lock"

    @property
    def owner_address(self) -> Path:
        """How a second process reaches the owner; readable by this user only."""
        return self.data / "owner.json"

    @property
    def owner_socket(self) -> Path:
        """Where the owner listens, if the path is short enough for a socket's."""
        return self.data / "owner.sock"

    @property
    def sign_in_lock(self) -> Path:
        """Locked by the process that exchanges a token of whoever signed in."""
        return self.data / "sign-in.lock"

    @property
    def profile(self) -> Path:
        """The profile the rep imported."""
        return self.config / "profile.callup"

    @property
    def profiles(self) -> Path:
        """Every profile the rep imported, by identity."""
        return self.config / "profiles"

    @property
    def profiles_state(self) -> Path:
        """What is remembered of the profiles: what the rep agreed to, and what comes along."""
        return self.config / "profiles.json"

    @property
    def preferences(self) -> Path:
        """What the rep set."""
        return self.config / "preferences.toml"

    @property
    def updates(self) -> Path:
        """What was seen of the update repository."""
        return self.data / "updates"

    @property
    def sandbox(self) -> Path:
        """The data of `--sandbox`."""
        return self.data / "sandbox"

    def make(self) -> None:
        """Make the folders, private to this user, and what is in them too, also where they were there before.

        Raises OSError, as HomeOfAnotherError.
        """
        self.check()
        for folder in {self.config, self.data, self.logs}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_private(folder, 0o700)
            for path in folder.iterdir():
                if path.is_file() and not path.is_symlink():
                    _make_private(path, 0o600)
        # Once more: until they were private, others may have left something there.
        self.check()

    def check(self) -> None:
        """Raise HomeOfAnotherError unless what is there belongs to this user, or to an administrator."""
        if sys.platform == "win32":
            return
        ours = {os.geteuid(), _ROOT}
        for folder in (self.config, self.data, self.logs):
            for path in folder.parents:
                _check_owner(path, ours | {_NOBODY})
            _check_owner(folder, ours)
        for folder in (self.config, self.data, self.logs, self.profiles):
            with suppress(FileNotFoundError, NotADirectoryError):
                for path in folder.iterdir():
                    _check_owner(path, ours)


def home(environ: Mapping[str, str] = os.environ) -> Home:
    """The home of this user, or the one that `CALLUP_HOME` names."""
    if moved := environ.get("CALLUP_HOME"):
        base = Path(moved).expanduser().absolute()
        return Home(config=base, data=base, logs=base / "logs")
    folders = platformdirs.PlatformDirs(_APP, appauthor=False)
    return Home(folders.user_config_path, folders.user_data_path, folders.user_log_path)


def _check_owner(path: Path, ours: Collection[int]) -> None:
    """Of a link and of what it leads to: whoever may replace either says what is read."""
    for found in (path.lstat, path.stat):
        with suppress(FileNotFoundError, NotADirectoryError):
            if found().st_uid not in ours:
                raise HomeOfAnotherError(path)


def _make_private(path: Path, mode: int) -> None:
    """Take the rights of others away; a folder that is everybody's, or a file of another user, stays as it is."""
    if sys.platform == "win32":
        return
    try:
        found = path.stat()
        others_may = found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        if others_may and found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
            path.chmod(mode)
    except FileNotFoundError:
        return
