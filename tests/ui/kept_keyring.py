"""A keyring in a file: what one start of the program keeps, the next one finds."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class KeptKeyring(KeyringBackend):
    """Keeps entries in the file that KEPT_KEYRING names."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, None without one."""
        return self._entries().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the entry."""
        self._keep({**self._entries(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget the entry."""
        entries = self._entries()
        if entries.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)
        self._keep(entries)

    def _entries(self) -> dict[str, str]:
        file = self._file()
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

    def _keep(self, entries: dict[str, str]) -> None:
        self._file().write_text(json.dumps(entries), encoding="utf-8")

    def _file(self) -> Path:
        return Path(os.environ["KEPT_KEYRING"])
