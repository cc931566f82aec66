"""The blocking work behind the connection page: imports a profile, keeps secrets, runs the checks. Any thread."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.paths import Home
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.engine.ports import CheckResult
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.secrets import Entry, Secrets, Vault


class ProfileImport:
    """Implements `presentation.connection_check.ConnectionWork` while `home` has no profile yet."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def stored(self) -> frozenset[str]:
        """Nothing before there is a profile."""
        return frozenset()

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Raises ValueError: secrets belong to a profile."""
        raise ValueError(f"no profile yet for {', '.join(secrets)}")

    def run_checks(self) -> Iterator[CheckResult]:
        """No result before there is a profile."""
        return iter(())

    def adopt(self, file: Path) -> None:
        """Make the file this computer's profile from the next start on; raises ProfileError, OSError."""
        load_profile(file)
        self._home.make()
        write_atomically(self._home.profile, file.read_bytes())


class ConnectionService(ProfileImport):
    """Implements `presentation.connection_check.ConnectionWork` for one profile.

    `vault` is the one that `secrets` reads, so that what is saved counts at once.
    """

    def __init__(self, home: Home, profile: Profile, vault: Vault, secrets: Secrets) -> None:
        super().__init__(home)
        self._profile = profile
        self._vault = vault
        self._secrets = secrets

    def stored(self) -> frozenset[str]:
        """Which secrets are kept, by the names of their entries; raises CallError."""
        return frozenset(entry.value for entry in Entry if self._vault.read(entry))

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Keep these; whether they last beyond this run. Raises CallError, or ValueError where one is too long."""
        for name, value in secrets.items():
            self._vault.write(Entry(name), value)
        return not self._vault.kept_in_memory

    def run_checks(self) -> Iterator[CheckResult]:
        """One result for each step, as it is done."""
        return run_checks(self._profile, self._secrets)
