"""Where keys and passwords come from, and where they are kept. Any thread; a keyring may block to ask the rep."""

import json
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Protocol, assert_never

import boto3
import keyring
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.services.aws import translate_chain
from callup_desktop.services.aws_session import asks_for_mfa, chain_session, isolated_session
from callup_desktop.services.transport import Transport

LONGEST_SECRET = 1279
"""Characters an entry may have: Windows keeps 2,560 bytes of UTF-16 an entry."""
MONGO_PASSWORD_VARIABLE = "CALLUP_MONGO_PASSWORD"  # noqa: S105 - the name of a variable
SANDBOX_KEYS = "keys.json"
_ASSUMED_ROLE = "assume-role"
_LEAST_PRIORITY = 1
"""The least priority that keyring itself recommends; a backend that keeps plain text has less."""


class Entry(StrEnum):
    """What a profile keeps secret; the value is the user name of its keyring entry."""

    ACCESS_KEY_ID = "access_key_id"
    SECRET_ACCESS_KEY = "secret_access_key"  # noqa: S105 - the name of an entry
    SESSION_TOKEN = "session_token"  # noqa: S105 - the name of an entry
    MONGO_PASSWORD = "mongo_password"  # noqa: S105 - the name of an entry


class SecretTooLongError(ValueError):
    """Raised when a value does not fit a keyring entry; names the entry, never the value."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} is longer than {LONGEST_SECRET} characters")
        self.entry = entry


class Secrets(Protocol):
    """The keys of one profile. Each call reads its source again, so that a corrected key is found."""

    @property
    def kept_in_memory(self) -> bool:
        """Whether something lives only as long as this run, because no keyring would take it."""
        ...

    def session(self) -> boto3.Session:
        """A session with the keys of now; raises CallError where there are none."""
        ...

    def mongo_password(self) -> str | None:
        """The registry's password, or None; AccountError(KEYRING_LOCKED), AccountError(KEYRING_FAILED)."""
        ...


class Vault:
    """The keyring's entries of one profile, and beside them what the keyring does not take.

    The keyring is `backend`, or else the system's own; one that keeps plain text counts as none.
    """

    def __init__(self, profile_name: str, backend: KeyringBackend | None = None) -> None:
        self._service = f"callup-desktop/{profile_name}"
        self._chosen = backend
        self._memory: dict[Entry, str] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"Vault({self._service!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Whether an entry lives only as long as this run, because no keyring would take it."""
        with self._lock:
            return bool(self._memory.keys() - {Entry.SESSION_TOKEN})

    def read(self, entry: Entry) -> str | None:
        """The value, or None; AccountError(KEYRING_LOCKED), AccountError(KEYRING_FAILED)."""
        with self._lock:
            remembered = self._memory.get(entry)
        backend = self._backend()
        if remembered is not None or entry is Entry.SESSION_TOKEN or backend is None:
            return remembered
        try:
            return backend.get_password(self._service, entry)
        except (KeyringLocked, InitError) as exc:
            raise AccountError(Code.KEYRING_LOCKED, type(exc).__name__) from exc
        except Exception as exc:
            # Backends let through whatever their system raises; that says nothing of whether there is an entry.
            raise AccountError(Code.KEYRING_FAILED, type(exc).__name__) from exc

    def write(self, entry: Entry, value: str) -> None:
        """Keep the value in the keyring, or for this run where no keyring takes it.

        Raises SecretTooLongError, and AccountError(KEYRING_LOCKED). A session token is never kept longer than this run.
        """
        if entry is Entry.SESSION_TOKEN:
            self._remember(entry, value)
            return
        if len(value) > LONGEST_SECRET:
            raise SecretTooLongError(entry)
        backend = self._backend()
        if backend is None:
            self._remember(entry, value)
            return
        try:
            backend.set_password(self._service, entry, value)
        except (KeyringLocked, InitError) as exc:
            raise AccountError(Code.KEYRING_LOCKED, type(exc).__name__) from exc
        except Exception:  # noqa: BLE001 - a keyring that takes nothing, for whatever reason of its system
            self._remember(entry, value)
            return
        with self._lock:
            self._memory.pop(entry, None)

    def forget(self) -> None:
        """Remove all entries of the profile; AccountError(KEYRING_LOCKED), AccountError(KEYRING_FAILED)."""
        with self._lock:
            self._memory.clear()
        backend = self._backend()
        if backend is None:
            return
        for entry in Entry:
            try:
                backend.delete_password(self._service, entry)
            except PasswordDeleteError:
                continue  # there was none
            except (KeyringLocked, InitError) as exc:
                raise AccountError(Code.KEYRING_LOCKED, type(exc).__name__) from exc
            except Exception as exc:
                raise AccountError(Code.KEYRING_FAILED, type(exc).__name__) from exc

    def _remember(self, entry: Entry, value: str) -> None:
        with self._lock:
            self._memory[entry] = value

    def _backend(self) -> KeyringBackend | None:
        backend = self._chosen or keyring.get_keyring()
        return backend if backend.viable and backend.priority >= _LEAST_PRIORITY else None


class KeyringSecrets:
    """`credentials = "keyring"`: everything is in the vault."""

    def __init__(self, profile: Profile, vault: Vault, environ: Mapping[str, str]) -> None:
        self._profile = profile
        self._vault = vault
        self._environ = environ

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"KeyringSecrets({self._vault!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Whether the vault found no keyring."""
        return self._vault.kept_in_memory

    def session(self) -> boto3.Session:
        """A session with the keys of the vault."""
        key_id, secret = self._vault.read(Entry.ACCESS_KEY_ID), self._vault.read(Entry.SECRET_ACCESS_KEY)
        if not key_id or not secret:
            raise AccountError(Code.NO_CREDENTIALS, "no keys in the keyring")
        return isolated_session(key_id, secret, self._vault.read(Entry.SESSION_TOKEN), region=self._profile.region)

    def mongo_password(self) -> str | None:
        """The environment's, else the vault's."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE) or self._vault.read(Entry.MONGO_PASSWORD)


class AwsSecrets:
    """`credentials = "aws"`: keys from the SDK's own chain (environment, SSO, role), the password from the vault.

    What the chain asks of AWS goes the way of uploads: the system's trust store, the system's proxies.
    """

    def __init__(self, profile: Profile, vault: Vault, environ: Mapping[str, str]) -> None:
        self._profile = profile
        self._vault = vault
        self._environ = environ
        self._transport = Transport(connections=1)

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"AwsSecrets({self._profile.aws_profile!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Whether the vault found no keyring."""
        return self._vault.kept_in_memory

    def session(self) -> boto3.Session:
        """A session of the chain; AccountError where it ends without keys, or fails, now or in a later request."""
        session = chain_session(
            self._profile.aws_profile, region=self._profile.region, send=self._transport.send, told=translate_chain
        )
        found = session.get_credentials()
        if found is None:
            raise AccountError(Code.NO_CREDENTIALS, "the AWS configuration has no keys")
        if found.method == _ASSUMED_ROLE and asks_for_mfa(session):
            raise AccountError(Code.KEY_SOURCE_FAILED, "the role wants an MFA code, which only a terminal can ask for")
        return session

    def mongo_password(self) -> str | None:
        """The environment's, else the vault's."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE) or self._vault.read(Entry.MONGO_PASSWORD)


class SandboxSecrets:
    """`credentials = "sandbox"`: the keys that the sandbox wrote beside its profile; they open nothing but itself."""

    def __init__(self, profile: Profile, keys: Path, environ: Mapping[str, str]) -> None:
        self._profile = profile
        self._keys = keys
        self._environ = environ

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"SandboxSecrets({str(self._keys)!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Never: the file stays."""
        return False

    def session(self) -> boto3.Session:
        """A session with the keys in the file; AccountError(NO_CREDENTIALS) where it cannot be read."""
        try:
            keys = json.loads(self._keys.read_text(encoding="utf-8"))
            key_id, secret = str(keys[Entry.ACCESS_KEY_ID]), str(keys[Entry.SECRET_ACCESS_KEY])
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise AccountError(Code.NO_CREDENTIALS, "the sandbox's keys cannot be read") from exc
        return isolated_session(key_id, secret, region=self._profile.region)

    def mongo_password(self) -> str | None:
        """The environment's, if any: the sandbox's registry asks for none."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE)


def open_secrets(
    profile: Profile,
    profile_path: Path,
    *,
    vault: Vault | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Secrets:
    """The secrets of the kind that the profile names; nothing is read before it is needed."""
    kept = vault or Vault(profile.name)
    match profile.credentials:
        case "keyring":
            return KeyringSecrets(profile, kept, environ)
        case "aws":
            return AwsSecrets(profile, kept, environ)
        case "sandbox":
            return SandboxSecrets(profile, profile_path.with_name(SANDBOX_KEYS), environ)
        case _:
            assert_never(profile.credentials)
