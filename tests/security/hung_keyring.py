"""A keyring that never answers, as one whose daemon waits for a prompt that nobody sees."""

import threading

from keyring.backend import KeyringBackend


class HungKeyring(KeyringBackend):
    """Every question to it hangs."""

    priority = 5.0

    def get_password(self, service: str, username: str) -> str | None:
        """Hang."""
        return _hang(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Hang."""
        _hang(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Hang."""
        _hang(service, username)


def _hang(*asked: str) -> str:
    threading.Event().wait()
    return "".join(asked)
