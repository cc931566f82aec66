"""The two roads of a call, straight to storage, registry and queue or through a gateway: the same incidents on both."""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from callup_desktop.engine.job import Job
from callup_desktop.services.gateway_tokens import open_gateway_secrets
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Vault, open_secrets
from tests.faults.laptop import AnyLaptop, Habits, Laptop, Network, OneSession, Ways
from tests.faults.outcome import Servers
from tests.faults.proxy import Harm
from tests.faults.through_gateway import TOKEN, GatewayWays, each_arrived_whole_and_once, laptop_on


@dataclass(frozen=True)
class Road(ABC):
    """A kind of profile on a network that may do harm."""

    servers: Servers

    @property
    @abstractmethod
    def ways(self) -> Ways:
        """The network."""

    @property
    @abstractmethod
    def steps(self) -> tuple[str, ...]:
        """What is asked for until a recording is stored, or taken back."""

    @property
    @abstractmethod
    def keys_beside(self) -> dict[str, str]:
        """What lies beside the profile of a whole program; a token comes by the environment."""

    @abstractmethod
    def laptop(self, folder: Path, **habits: Unpack[Habits]) -> AnyLaptop:
        """A laptop on this road."""

    @abstractmethod
    def laptop_with_vault(self, folder: Path, vault: Vault, **habits: Unpack[Habits]) -> AnyLaptop:
        """Likewise, and what it proves itself with is in this vault alone."""

    @abstractmethod
    def each_arrived_whole_and_once(self, *sent: tuple[Job, Path]) -> None:
        """The promise, asked of the servers."""

    def arrived_whole_and_once(self, job: Job, path: Path) -> None:
        """Likewise of one call."""
        self.each_arrived_whole_and_once((job, path))

    @abstractmethod
    def nothing_is_left(self, job: Job) -> None:
        """Of a call that was taken back."""

    def meets_everywhere(self, harm: Harm) -> None:
        """Whatever a recording needs to be stored meets the harm, until it is lifted."""
        for operation in self.steps:
            self.ways.of(operation).plan.order(operation, harm, times=None)

    def each_part_was_stored_once(self) -> bool:
        """Whether the storage took no part twice."""
        arrived = self.ways.storage.plan.exchanges("part")
        return set(Counter(seen.arrived.part for seen in arrived if seen.acted).values()) == {1}


@dataclass(frozen=True)
class StraightRoad(Road):
    """The laptop has keys."""

    network: Network
    keys: OneSession

    @property
    def ways(self) -> Ways:
        return self.network

    @property
    def steps(self) -> tuple[str, ...]:
        return ("create", "part", "put", "list", "complete", "head", "abort", "list uploads", "delete")

    @property
    def keys_beside(self) -> dict[str, str]:
        access_key, secret_key = self._keys
        return {"access_key_id": access_key, "secret_access_key": secret_key}

    def laptop(self, folder: Path, **habits: Unpack[Habits]) -> AnyLaptop:
        return Laptop(folder, self.network.profile, self.keys, **habits)

    def laptop_with_vault(self, folder: Path, vault: Vault, **habits: Unpack[Habits]) -> AnyLaptop:
        for entry, key in zip((Entry.ACCESS_KEY_ID, Entry.SECRET_ACCESS_KEY), self._keys, strict=True):
            vault.write(entry, key)
        profile = self.network.profile.model_copy(update={"credentials": "keyring"})
        secrets = open_secrets(profile, folder / "unused", vault=vault, environ={})
        return Laptop(folder, profile, secrets, **habits)

    @property
    def _keys(self) -> tuple[str, str]:
        found = self.keys.session().get_credentials()
        assert found is not None
        return str(found.access_key), str(found.secret_key)

    def each_arrived_whole_and_once(self, *sent: tuple[Job, Path]) -> None:
        messages = self.servers.messages()
        for job, path in sent:
            self.servers.arrived_whole_and_once(job, path, messages)

    def nothing_is_left(self, job: Job) -> None:
        self.servers.nothing_is_left(job)


@dataclass(frozen=True)
class GatewayRoad(Road):
    """The laptop has a token and no keys."""

    network: GatewayWays

    @property
    def ways(self) -> Ways:
        return self.network

    @property
    def steps(self) -> tuple[str, ...]:
        return ("begin", "sign", "part", "look", "complete", "remove")

    @property
    def keys_beside(self) -> dict[str, str]:
        return {}

    def laptop(self, folder: Path, **habits: Unpack[Habits]) -> AnyLaptop:
        return laptop_on(self.network, folder, **habits)

    def laptop_with_vault(self, folder: Path, vault: Vault, **habits: Unpack[Habits]) -> AnyLaptop:
        vault.write(Entry.GATEWAY_TOKEN, TOKEN)
        return laptop_on(self.network, folder, open_gateway_secrets(self.network.profile, vault, {}), **habits)

    def each_arrived_whole_and_once(self, *sent: tuple[Job, Path]) -> None:
        each_arrived_whole_and_once(self.servers, *sent)

    def nothing_is_left(self, job: Job) -> None:
        assert self.servers.keys_with(job.id) == []
        assert [key for key in self.servers.open_uploads() if job.id in key] == []
        self.servers.nothing_is_left(job)
