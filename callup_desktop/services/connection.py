"""The blocking work behind the connection page: imports a profile, keeps secrets, runs the checks. Any thread.

Every window loads this module, so it loads the checks, and the libraries that they need, where they are first run.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from callup_desktop.config.paths import Home
from callup_desktop.config.profile import AnyProfile, GatewayProfile
from callup_desktop.config.profiles import ProfileChange, ProfileStore
from callup_desktop.engine.errors import AccountError
from callup_desktop.engine.ports import CheckResult
from callup_desktop.services.gateway_tokens import AnySecrets, of_gateway, straight
from callup_desktop.services.secret_entry import TYPED_ENTRIES, Entry
from callup_desktop.services.secrets import Vault, proxy_entry

_HTTP = frozenset({"http", "https"})
_SHOWN = 4
"""Characters of an access key by which a person tells one from another; it is no secret, but a short one is a typo."""


class ProfileImport:
    """Implements `presentation.connection_check.ConnectionWork` while `home` has no profile yet.

    `environ` is the environment that the program was started in, which may hold a secret of a profile; `fixed` are
    the keys that IT set.
    """

    def __init__(
        self,
        home: Home,
        environ: Mapping[str, str] = MappingProxyType({}),
        fixed: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        self._store = ProfileStore(home, fixed)
        self._environ = environ

    def stored(self) -> Mapping[str, str]:
        """Nothing before there is a profile."""
        return {}

    def proxy(self) -> str:
        """Nobody is asked before there is a profile."""
        return ""

    def forget(self) -> None:
        """Nothing is kept before there is a profile."""

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Raises ValueError: secrets belong to a profile."""
        raise ValueError(f"no profile yet for {', '.join(secrets)}")

    def run_checks(self) -> Iterator[CheckResult]:
        """No result before there is a profile."""
        return iter(())

    def preview(self, file: Path) -> ProfileChange:
        """What importing the file would change; raises ProfileError."""
        return self._store.preview(file, self._environ)

    def adopt(self, change: ProfileChange, *, with_keys: bool = False, with_calls: bool = False) -> None:
        """Make it this computer's profile from the next start on; raises OSError, CallError.

        `with_keys` copies the keys of the profile that is active now, and lets it have the secret of the environment
        where the preview asked for that; `with_calls` lets waiting calls come along: the rep agreed to either.
        """
        if with_keys and change.old is not None and change.leads_elsewhere:
            self._copy_keys(change.old, change.new)
        self._store.adopt(change, with_calls=with_calls, with_password=with_keys and bool(change.may_take))

    def _copy_keys(self, old: AnyProfile, new: AnyProfile) -> None:
        self._store.begin(None)
        before = Vault(old.identity, inherits=self._store.inherited_name(old))
        after = Vault(new.identity)
        # Whoever signed in did so at one issuer, which alone may have that token, and once.
        for entry in map(Entry, TYPED_ENTRIES):
            value = before.read(entry)
            if value is not None:
                after.write(entry, value)


class ConnectionService(ProfileImport):
    """Implements `presentation.connection_check.ConnectionWork` for one profile.

    `vault` is the one that `secrets` reads, so that what is saved counts at once.
    """

    def __init__(
        self,
        home: Home,
        profile: AnyProfile,
        vault: Vault,
        secrets: AnySecrets,
        redact: Callable[[str], str] = str,
        environ: Mapping[str, str] = MappingProxyType({}),
        fixed: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(home, environ, fixed)
        self._redact = redact
        self._profile = profile
        self._vault = vault
        self._secrets = secrets

    def stored(self) -> Mapping[str, str]:
        """Which secrets are kept, by the names of their entries; of the access key its end. Raises CallError."""
        kept = {entry: value for entry in Entry if (value := self._vault.read(entry))}
        return {entry.value: _end_of(value) if entry is Entry.ACCESS_KEY_ID else "" for entry, value in kept.items()}

    def forget(self) -> None:
        """Remove every secret of the profile from this computer; raises CallError."""
        self._vault.ask_again()
        self._vault.forget()

    def proxy(self) -> str:
        """The proxy before the first server that may want a login, "" for none; without one that its address names.

        A script of the system's settings may take long.
        """
        try:
            parts = urlsplit(self._secrets.way.proxy_for(self._profile.first_server))
        except AccountError:
            return ""
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.scheme in _HTTP else ""

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Keep these; whether they last beyond this run. Raises CallError, or ValueError where one is too long.

        The login of a proxy, `name:password`, is kept for the proxy of now and no other.
        """
        self._vault.ask_again()
        for name, value in secrets.items():
            entry = Entry(name)
            self._vault.write(entry, proxy_entry(self.proxy(), value) if entry is Entry.PROXY_LOGIN else value)
        return not self._vault.kept_in_memory

    def run_checks(self) -> Iterator[CheckResult]:
        """One result for each step, as it is done."""
        self._vault.ask_again()
        for result in _checks(self._profile, self._secrets):
            yield replace(result, detail=self._redact(result.detail))


def _checks(profile: AnyProfile, secrets: AnySecrets) -> Iterator[CheckResult]:
    if isinstance(profile, GatewayProfile):
        from callup_desktop.services.gateway.diagnostics import run_gateway_checks

        return run_gateway_checks(profile, of_gateway(secrets))
    from callup_desktop.services.diagnostics import run_checks

    return run_checks(*straight(profile, secrets))


def _end_of(access_key: str) -> str:
    return access_key[-_SHOWN:] if len(access_key) > 2 * _SHOWN else ""
