"""A keyring with canaries in it: whoever asks for whatever entry gets one, and each can be told from the others."""

import os

from keyring.backend import KeyringBackend


class PlantedKeyring(KeyringBackend):
    """Answers with what CANARY_KEYRING says: `entry=value` lines, with \\n for a line end inside a value."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        """The canary of the entry."""
        assert service.startswith("callup-desktop/")
        lines = (line.partition("=") for line in os.environ["CANARY_KEYRING"].splitlines())
        return {name: value.replace("\\n", "\n") for name, _, value in lines}.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Not needed."""
        raise NotImplementedError(f"{service} {username} {len(password)}")

    def delete_password(self, service: str, username: str) -> None:
        """Not needed."""
        raise NotImplementedError(f"{service} {username}")
