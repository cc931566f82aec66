"""A laptop that has a token and no keys, its gateway, and a bad network on the ways to gateway and storage."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack
from urllib.parse import urlsplit

from callup_desktop.config.profile import GatewayProfile, Profile
from callup_desktop.engine.job import Job
from callup_desktop.engine.ports import Services
from callup_desktop.recordings.probe import probe
from callup_desktop.services.gateway.calls import GatewayAnnouncer, GatewayElsewhere, GatewayRegistry
from callup_desktop.services.gateway.store import GatewayStore
from callup_desktop.services.gateway_tokens import GatewaySecrets, open_gateway_secrets
from callup_desktop.services.secrets import Vault
from tests.faults.http_talk import http_talk
from tests.faults.laptop import SOON, AnyLaptop, Habits, Ways, in_parts
from tests.faults.outcome import Ground, Servers
from tests.faults.proxy import LOOPBACK, Proxy
from tests.gateway.inside import replica_inside
from tests.gateway.replica import eventually, write_profile
from tests.services.test_secrets import GoodKeyring

TOKEN = "laptop-token"
ENTRIES = json.dumps([{"sha256": hashlib.sha256(TOKEN.encode()).hexdigest(), "caller": "rep", "tenant": "acme"}])
QUICK = {"relay_interval": 0.5, "registry_timeout": 1, "tries": 2, "lease": 8, "settle_after": 1}


@dataclass
class GatewayWays(Ways):
    """The proxies before gateway and storage; what the gateway asks of the storage goes through the latter, too."""

    profile: GatewayProfile
    s3: Proxy
    gateway: Proxy

    @property
    def all(self) -> tuple[Proxy, ...]:
        return self.s3, self.gateway

    def of(self, operation: str) -> Proxy:
        return self.s3 if operation == "part" else self.gateway

    @property
    def settings(self) -> dict[str, object]:
        return self.profile.model_dump(exclude_none=True, mode="json", exclude_unset=True)

    @property
    def storage(self) -> Proxy:
        return self.s3


@contextmanager
def ways_to_gateway(ground: Ground, straight: Profile, folder: Path, **settings: object) -> Iterator[GatewayWays]:
    """A replica in this process, and the ways to it; `settings` by their names in GatewaySettings."""
    with Proxy((LOOPBACK, urlsplit(straight.endpoint or "").port or 0), http_talk) as s3:
        path = profile_behind(s3, ground, straight, folder)
        with (
            replica_inside(path, folder / "gateway.log", **{**QUICK, "tokens": ENTRIES, **settings}) as inside,
            Proxy((LOOPBACK, urlsplit(inside.address).port or 0), http_talk) as gateway,
        ):
            yield GatewayWays(GatewayProfile(name="Acme", gateway=f"http://{LOOPBACK}:{gateway.port}"), s3, gateway)


def profile_behind(s3: Proxy, ground: Ground, straight: Profile, folder: Path) -> Path:
    """What a replica reads that reaches the storage through this proxy, and names it to laptops so."""
    behind = straight.model_copy(update={"endpoint": f"http://{LOOPBACK}:{s3.port}"})
    return write_profile(folder, behind, ground.running.profile)


def services_on(ways: GatewayWays, secrets: GatewaySecrets | None = None, *, stall: float = 10.0) -> Services:
    """What a laptop on these ways asks, with a token of its environment unless it has other secrets."""
    if secrets is None:
        secrets = open_gateway_secrets(ways.profile, Vault("acme", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": TOKEN})
    return Services(
        GatewayStore(ways.profile, secrets, stall_timeout=stall),
        GatewayRegistry(ways.profile, secrets, stall_timeout=stall),
        GatewayAnnouncer(ways.profile, secrets, stall_timeout=stall),
        probe,
        elsewhere=GatewayElsewhere(ways.profile, secrets),
    )


def laptop_on(
    ways: GatewayWays, folder: Path, secrets: GatewaySecrets | None = None, **habits: Unpack[Habits]
) -> AnyLaptop:
    """A laptop on these ways, with a token of its environment unless it has other secrets."""
    services = services_on(ways, secrets, stall=habits.get("stall", 10.0))
    backoff, plan = habits.get("backoff", SOON), habits.get("plan", in_parts)
    return AnyLaptop(folder, ways.profile, services, backoff=backoff, plan=plan, clock=habits.get("clock"))


def arrived_whole_and_once(servers: Servers, job: Job, path: Path) -> None:
    """As on a laptop with keys, under the key that the gateway chose; its message is sent after the laptop is told."""
    each_arrived_whole_and_once(servers, (job, path))


def each_arrived_whole_and_once(servers: Servers, *sent: tuple[Job, Path]) -> None:
    """Likewise of several calls."""
    wait_until_announced(servers, *(job.id for job, _path in sent))
    messages = servers.messages()
    for job, path in sent:
        servers.arrived_whole_and_once(placed(servers, job), path, messages)


def wait_until_announced(servers: Servers, *call_ids: str) -> None:
    """Return once the gateway has sent each message."""
    rows = servers.calls.database["callup_uploads"]
    announced = {"_id": {"$in": call_ids}, "announced_at": {"$exists": True}}
    eventually(lambda: rows.count_documents(announced) == len(call_ids), "each message is sent")


def placed(servers: Servers, job: Job) -> Job:
    """The job with the key that the gateway chose."""
    (key,) = servers.keys_with(job.id)
    return replace(job, key=key)
