"""Where keys and passwords come from, and where they are kept. Any thread; a keyring may block to ask the rep.

Every start loads this module, so it loads the libraries of AWS and of the keyring where they are first used.
"""

import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Protocol, TypeVar, assert_never, cast, runtime_checkable
from urllib.parse import quote, unquote, urlsplit

from callup_desktop.choice import MONGO_PASSWORD_VARIABLE, environment_secrets, secrets_in_url
from callup_desktop.config.profile import AnyProfile, Profile
from callup_desktop.config.reading import read_small
from callup_desktop.engine.errors import AccountError, Code, MalformedSecretError, TransientError
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.way import FindProxy, Way, proxy_of_system

if TYPE_CHECKING:
    import botocore.session
    from keyring.backend import KeyringBackend

    from callup_desktop.services.key_chain import KeyChain
    from callup_desktop.services.keyring_access import KeyringAccess

LONGEST_SECRET = 1279
"""Characters an entry may have: Windows keeps 2,560 bytes of UTF-16 an entry."""
SANDBOX_KEYS = "keys.json"
_SERVICE = "callup-desktop"
_OWNER_LENGTH = 32
"""Characters of an identity that name its entries."""
_MOST_TOKENS = 16
"""Refresh tokens of a run that are remembered: each hour may bring one, and an older one opens nothing."""
_LOCK_TIMEOUT = 120.0
"""Seconds that another process may take for what only one may do."""
_PROMPT_INTERVAL = 5.0
"""Seconds in which a keyring that was left locked is not asked again: three services would ask at the same moment."""

R = TypeVar("R")


_TYPED = frozenset({Entry.MONGO_PASSWORD, Entry.MONGO_KEY_PASSWORD})
_BROUGHT = frozenset({Entry.SESSION_TOKEN, Entry.REFRESH_TOKEN})
"""Somebody signs in anew where they are gone, so that nobody is told how long they are kept."""


class SecretMalformedError(MalformedSecretError):
    """Raised when a value holds what no key or password has: control characters; names the entry, never the value."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} holds characters that no key or password has")
        self.entry = entry


class SecretTooLongError(ValueError):
    """Raised when a value does not fit a keyring entry; names the entry, never the value."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry} is longer than {LONGEST_SECRET} characters")
        self.entry = entry


class CommonSecrets(Protocol):
    """What the secrets of every profile tell."""

    @property
    def way(self) -> Way:
        """The way to the profile's servers, on which a proxy may want a login, too."""
        ...

    @property
    def kept_in_memory(self) -> bool:
        """Whether something lives only as long as this run, because no keyring would take it."""
        ...


@runtime_checkable
class HoldsSecrets(Protocol):
    """Has secrets in its hands that are not the vault's."""

    def seen(self) -> tuple[str, ...]:
        """All of them, so that no writer lets one out; asks nobody."""
        ...


class Secrets(CommonSecrets, Protocol):
    """The keys of one profile. Each call reads its source again, so that a corrected key is found."""

    def session(self) -> "botocore.session.Session":
        """A session with the keys of now; raises CallError where there are none."""
        ...

    def mongo_password(self) -> str | None:
        """The registry's password, or None; AccountError(KEYRING_LOCKED), AccountError(KEYRING_FAILED)."""
        ...

    def mongo_key_password(self) -> str | None:
        """The password of the key to the client's certificate, or None; raises as `mongo_password` does."""
        ...


class Vault:
    """The keyring's entries of one profile, and beside them what the keyring does not take.

    The keyring is `backend`, or else the system's own; one that keeps plain text counts as none. `owner` is the
    identity of the profile. `inherits` is the name under which an earlier version kept the same profile's entries:
    each of them moves here when it is first read. `lock` is the file by which processes take turns.
    """

    def __init__(
        self, owner: str, backend: "KeyringBackend | None" = None, *, inherits: str = "", lock: Path | None = None
    ) -> None:
        self._service = f"{_SERVICE}/{owner[:_OWNER_LENGTH]}"
        self._earlier = f"{_SERVICE}/{inherits}" if inherits else ""
        self._chosen = backend
        self._asking = Lock()
        self._refused_at: float | None = None
        self._file_lock = lock
        self._seen: set[str] = set()
        self._tokens: deque[str] = deque(maxlen=_MOST_TOKENS)
        self._memory: dict[Entry, str] = {}
        # What is thrown away meanwhile may fail, and to tell that asks which secrets there are.
        self._lock = RLock()

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"Vault({self._service!r})"

    @property
    def service(self) -> str:
        """The name of the service under which the keyring has the entries; the user name is the entry's."""
        return self._service

    @property
    def kept_in_memory(self) -> bool:
        """Whether an entry lives only as long as this run, because no keyring would take it."""
        with self._lock:
            return bool(self._memory.keys() - _BROUGHT)

    def read(self, entry: Entry) -> str | None:
        """The value, or None; AccountError(KEYRING_LOCKED), AccountError(KEYRING_FAILED)."""
        with self._lock:
            remembered = self._memory.get(entry)
        if remembered is not None or entry is Entry.SESSION_TOKEN or (keyring := self._keyring()) is None:
            return remembered
        found = self._ask(lambda: self._kept(keyring, entry))
        return self._note(entry, found) if found else None

    def ask_again(self) -> None:
        """Somebody acts: a keyring that was locked a moment ago may be asked, and ask the rep, again."""
        with self._lock:
            self._refused_at = None

    def seen(self) -> tuple[str, ...]:
        """Every value that passed through here in this run, so that no writer lets one out."""
        with self._lock:
            return (*self._seen, *self._tokens)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """No other process of this user is within, so that none uses a token which another one exchanges.

        Raises TransientError(SIGN_IN_BUSY) where another one does not come to an end.
        """
        if self._file_lock is None:
            yield
            return
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(self._file_lock).acquire(_LOCK_TIMEOUT)
        except Timeout as exc:
            raise TransientError(Code.SIGN_IN_BUSY, "another process of this user does not end") from exc
        with lock:
            yield

    def write(self, entry: Entry, value: str) -> None:
        """Keep the value, without the white space around it, in the keyring, or for this run where none takes it.

        Raises SecretTooLongError, SecretMalformedError and AccountError(KEYRING_LOCKED). A session token is never kept
        longer than this run.
        """
        value = value.strip()
        if not value or not _is_well_formed(entry, value):
            raise SecretMalformedError(entry)
        self._note(entry, value)
        if entry is Entry.SESSION_TOKEN:
            self._remember(entry, value)
            return
        if len(value) > LONGEST_SECRET:
            raise SecretTooLongError(entry)
        keyring = self._keyring()
        if keyring is None or not self._keeps(keyring, entry, value):
            self._remember(entry, value)
            return
        with self._lock:
            self._memory.pop(entry, None)

    def exchange(self, entry: Entry, value: str) -> bool:
        """Keep a token that takes the place of the earlier one; whether it lasts longer than this run.

        It never fails: what the keyring does not take, as it is locked or has no room, is kept for this run, and the
        earlier one removed, which counts no more.
        """
        self._note(entry, value)
        self._remember(entry, value)
        keyring = self._keyring()
        if keyring is None:
            return False
        try:
            keyring.write(self._service, entry, value)
        except AccountError:
            with suppress(AccountError):
                keyring.remove(self._service, entry)
            return False
        with self._lock:
            self._memory.pop(entry, None)
        return True

    def forget(self, *entries: Entry) -> None:
        """Remove these entries of the profile, all where none is named.

        Raises AccountError(KEYRING_LOCKED) and AccountError(KEYRING_FAILED).
        """
        removed = entries or tuple(Entry)
        with self._lock:
            for entry in removed:
                self._memory.pop(entry, None)
        keyring = self._keyring()
        if keyring is None:
            return
        for entry in removed:
            for service in filter(None, (self._service, self._earlier)):
                keyring.remove(service, entry)

    def _kept(self, keyring: "KeyringAccess", entry: Entry) -> str | None:
        found = keyring.read(self._service, entry)
        if found is not None or not self._earlier:
            return found
        found = keyring.read(self._earlier, entry)
        if found is not None:
            keyring.write(self._service, entry, found)
            keyring.remove(self._earlier, entry)
        return found

    def _keeps(self, keyring: "KeyringAccess", entry: Entry, value: str) -> bool:
        """Whether the keyring took the value."""
        try:
            self._ask(lambda: keyring.write(self._service, entry, value))
        except AccountError as exc:
            if exc.code is Code.KEYRING_LOCKED:
                raise
            return False
        return True

    def _ask(self, question: Callable[[], R]) -> R:
        """What the keyring answers; one thread asks at a time, so that the rep sees one prompt and not three."""
        with self._asking:
            if self._was_just_refused():
                raise AccountError(Code.KEYRING_LOCKED, "asked a moment ago")
            try:
                return question()
            except AccountError as exc:
                if exc.code is Code.KEYRING_LOCKED:
                    with self._lock:
                        self._refused_at = time.monotonic()
                raise

    def _was_just_refused(self) -> bool:
        with self._lock:
            return self._refused_at is not None and time.monotonic() - self._refused_at < _PROMPT_INTERVAL

    def _note(self, entry: Entry, value: str) -> str:
        """The value as it is used; AccountError where it cannot be a key, which then reaches no header and no error."""
        value = value.strip()
        inside = secrets_in_url(value) if entry is Entry.PROXY_LOGIN else ()
        with self._lock:
            if entry is not Entry.REFRESH_TOKEN:
                self._seen |= {value, *value.split(), *filter(None, inside)}
            elif value not in self._tokens:
                self._tokens.append(value)
        if not _is_well_formed(entry, value):
            code = Code.NO_REGISTRY_PASSWORD if entry in _TYPED else Code.NO_CREDENTIALS
            raise AccountError(code, f"{entry} in the keyring holds characters that no key or password has")
        return value

    def _remember(self, entry: Entry, value: str) -> None:
        with self._lock:
            self._memory[entry] = value

    def _keyring(self) -> "KeyringAccess | None":
        from callup_desktop.services.keyring_access import keyring_of

        return keyring_of(self._chosen)


def _is_well_formed(entry: Entry, value: str) -> bool:
    """Keys go into headers, so they are visible ASCII; a password may be any text that can be typed."""
    if entry in _TYPED:
        return value.isprintable()
    return value.isascii() and value.isprintable() and " " not in value


class KeyringSecrets:
    """`credentials = "keyring"`: everything is in the vault."""

    def __init__(self, profile: Profile, vault: Vault, environ: Mapping[str, str], way: Way) -> None:
        self._profile = profile
        self._vault = vault
        self._environ = environ
        self.way = way

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"KeyringSecrets({self._vault!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Whether the vault found no keyring."""
        return self._vault.kept_in_memory

    def session(self) -> "botocore.session.Session":
        """A session with the keys of the vault."""
        key_id, secret = self._vault.read(Entry.ACCESS_KEY_ID), self._vault.read(Entry.SECRET_ACCESS_KEY)
        if not key_id or not secret:
            raise AccountError(Code.NO_CREDENTIALS, "no keys in the keyring")
        return _session_of(key_id, secret, self._vault.read(Entry.SESSION_TOKEN), region=self._profile.region)

    def mongo_password(self) -> str | None:
        """The environment's, else the vault's."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE) or self._vault.read(Entry.MONGO_PASSWORD)

    def mongo_key_password(self) -> str | None:
        """The vault's."""
        return self._vault.read(Entry.MONGO_KEY_PASSWORD)


class AwsSecrets:
    """`credentials = "aws"`: keys from the SDK's own chain (environment, SSO, role), the password from the vault.

    What the chain asks of AWS goes the way of uploads: the system's trust store, the system's proxies.
    """

    def __init__(self, profile: Profile, vault: Vault, environ: Mapping[str, str], way: Way) -> None:
        self._profile = profile
        self._vault = vault
        self._environ = environ
        self.way = way
        # Likewise.
        self._lock = RLock()
        self._chain: KeyChain | None = None

    def seen(self) -> tuple[str, ...]:
        """The keys of the chain as they are now, so that no writer lets one out; asks nobody."""
        with self._lock:
            return self._chain.seen() if self._chain is not None else ()

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"AwsSecrets({self._profile.aws_profile!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Whether the vault found no keyring."""
        return self._vault.kept_in_memory

    def session(self) -> "botocore.session.Session":
        """A session of the chain; AccountError where it ends without keys, or fails, now or in a later request."""
        from callup_desktop.services.key_chain import KeyChain

        with self._lock:
            chain = self._chain = self._chain or KeyChain(self._profile, self.way)
        return chain.session()

    def mongo_password(self) -> str | None:
        """The environment's, else the vault's."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE) or self._vault.read(Entry.MONGO_PASSWORD)

    def mongo_key_password(self) -> str | None:
        """The vault's."""
        return self._vault.read(Entry.MONGO_KEY_PASSWORD)


class SandboxSecrets:
    """`credentials = "sandbox"`: the keys that the sandbox wrote beside its profile; they open nothing but itself."""

    def __init__(self, profile: Profile, keys: Path, environ: Mapping[str, str], way: Way) -> None:
        self._profile = profile
        self._keys = keys
        self._environ = environ
        self.way = way

    def __repr__(self) -> str:
        """The place, never the content."""
        return f"SandboxSecrets({str(self._keys)!r})"

    @property
    def kept_in_memory(self) -> bool:
        """Never: the file stays."""
        return False

    def session(self) -> "botocore.session.Session":
        """A session with the keys in the file; AccountError(NO_CREDENTIALS) where it cannot be read."""
        try:
            keys = json.loads(read_small(self._keys))
            key_id, secret = str(keys[Entry.ACCESS_KEY_ID]), str(keys[Entry.SECRET_ACCESS_KEY])
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise AccountError(Code.NO_CREDENTIALS, "the sandbox's keys cannot be read") from exc
        return _session_of(key_id, secret, region=self._profile.region)

    def mongo_password(self) -> str | None:
        """The environment's, if any: the sandbox's registry asks for none."""
        return self._environ.get(MONGO_PASSWORD_VARIABLE)

    def mongo_key_password(self) -> str | None:
        """None: the sandbox has no certificates."""
        return None


def _session_of(key_id: str, secret: str, token: str | None = None, *, region: str) -> "botocore.session.Session":
    """See `aws_session.isolated_session`."""
    from callup_desktop.services.aws_session import isolated_session

    return isolated_session(key_id, secret, token, region=region)


@cache
def _holds_secrets(kind: type) -> bool:
    """Whether secrets of this class are HoldsSecrets; each line of the log asks, and Python takes long to tell."""
    return issubclass(kind, HoldsSecrets)


def known_secrets(vault: Vault, secrets: CommonSecrets, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Every secret that this program has in its hands: what no log, journal, report or child may get."""
    held = cast(HoldsSecrets, secrets).seen() if _holds_secrets(type(secrets)) else ()
    return *filter(None, (*vault.seen(), *held)), *environment_secrets(environ)


def proxy_entry(proxy: str, login: str) -> str:
    """What the vault keeps as PROXY_LOGIN: the `name:password` for this proxy; "" where that is not its form."""
    name, colon, password = login.strip().partition(":")
    scheme, place = _place_of(proxy)
    if not colon or not name or not place or not login.strip().isprintable():
        return ""
    return f"{scheme}://{quote(name, safe='')}:{quote(password, safe='')}@{place}"


def _login_in(vault: Vault, proxy: str) -> str:
    """The `name:password` that is kept for this proxy, or "".

    A keyring that does not answer is no reason to fail: the proxy says whether it wants one.
    """
    with suppress(AccountError, ValueError):
        kept = vault.read(Entry.PROXY_LOGIN) or ""
        if kept and _place_of(kept) == _place_of(proxy):
            parts = urlsplit(kept)
            return f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    return ""


def _place_of(proxy: str) -> tuple[str, str]:
    """How it is spoken to, and where: whoever listens elsewhere, or without TLS, is another proxy."""
    parts = urlsplit(proxy)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def way_of(profile: AnyProfile, vault: Vault, system_proxy: FindProxy = proxy_of_system) -> Way:
    """The way to the profile's servers; `system_proxy` finds the proxy that the system's settings want for a URL."""
    return Way(profile.authority, profile.proxy, system_proxy, partial(_login_in, vault))


def open_secrets(
    profile: Profile,
    profile_path: Path,
    *,
    vault: Vault | None = None,
    environ: Mapping[str, str] = os.environ,
    system_proxy: FindProxy = proxy_of_system,
) -> Secrets:
    """The secrets of the kind that the profile names; nothing is read before it is needed.

    `system_proxy` finds the proxy that the system's settings want for a URL.
    """
    kept = vault or Vault(profile.identity)
    way = way_of(profile, kept, system_proxy)
    match profile.credentials:
        case "keyring":
            return KeyringSecrets(profile, kept, environ, way)
        case "aws":
            return AwsSecrets(profile, kept, environ, way)
        case "sandbox":
            return SandboxSecrets(profile, profile_path.with_name(SANDBOX_KEYS), environ, way)
        case _:
            assert_never(profile.credentials)
