"""Where this computer keeps configuration, journal and logs; `CALLUP_HOME` moves all of it into one folder."""

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "CallUp Desktop"


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

        Raises OSError.
        """
        for folder in {self.config, self.data, self.logs}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_private(folder, 0o700)
            for path in folder.iterdir():
                if path.is_file() and not path.is_symlink():
                    _make_private(path, 0o600)


def home(environ: Mapping[str, str] = os.environ) -> Home:
    """The home of this user, or the one that `CALLUP_HOME` names."""
    if moved := environ.get("CALLUP_HOME"):
        base = Path(moved).expanduser().absolute()
        return Home(config=base, data=base, logs=base / "logs")
    folders = platformdirs.PlatformDirs(_APP, appauthor=False)
    return Home(folders.user_config_path, folders.user_data_path, folders.user_log_path)


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
