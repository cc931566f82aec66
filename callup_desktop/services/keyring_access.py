"""The system's keyring: its library, and what each of its errors means. Any thread; it may block to ask the rep."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from callup_desktop.engine.errors import AccountError, Code

_LEAST_PRIORITY = 1
"""The least priority that keyring itself recommends; a backend that keeps plain text has less."""


class KeyringAccess:
    """One keyring. Every method raises AccountError(KEYRING_LOCKED) or AccountError(KEYRING_FAILED)."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    def read(self, service: str, entry: str) -> str | None:
        """The value, or None."""
        with _translated():
            return self._backend.get_password(service, entry)

    def write(self, service: str, entry: str, value: str) -> None:
        """Keep the value."""
        with _translated():
            self._backend.set_password(service, entry, value)

    def remove(self, service: str, entry: str) -> None:
        """Remove the entry, if there is one."""
        with _translated(), suppress(PasswordDeleteError):
            self._backend.delete_password(service, entry)


def keyring_of(chosen: KeyringBackend | None) -> KeyringAccess | None:
    """The chosen keyring, else the system's own; None where that keeps plain text, or there is none."""
    backend = chosen or keyring.get_keyring()
    return KeyringAccess(backend) if backend.viable and backend.priority >= _LEAST_PRIORITY else None


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what a keyring raises as AccountError: KEYRING_LOCKED where the rep can unlock it, else KEYRING_FAILED."""
    try:
        yield
    except (KeyringLocked, InitError) as exc:
        raise AccountError(Code.KEYRING_LOCKED, type(exc).__name__) from exc
    except Exception as exc:
        # Backends let through whatever their system raises; that says nothing of whether there is an entry.
        raise AccountError(Code.KEYRING_FAILED, type(exc).__name__) from exc
