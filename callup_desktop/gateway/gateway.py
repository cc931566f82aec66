"""One replica: its services, its threads and its background tasks, made of settings and a profile. Event loop."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from callup_desktop.config.addresses import is_loopback
from callup_desktop.config.profile import Profile
from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.errors import CallError, Code
from callup_desktop.engine.ports import Log
from callup_desktop.gateway.admission import Admission
from callup_desktop.gateway.blocking import BackgroundTasks, BlockingCalls
from callup_desktop.gateway.buffers import BufferPool
from callup_desktop.gateway.callers import Anybody, BearerTokens, Callers, OidcIssuer, tokens_in
from callup_desktop.gateway.calls import Calls
from callup_desktop.gateway.day_reports import DayReports
from callup_desktop.gateway.direct import DirectUploads, Terms
from callup_desktop.gateway.health import Health
from callup_desktop.gateway.leases import Leases
from callup_desktop.gateway.pipeline import Pipeline
from callup_desktop.gateway.reaper import Reaper
from callup_desktop.gateway.registered import RegisteredCalls
from callup_desktop.gateway.relay import Outbox, Relay
from callup_desktop.gateway.settings import GatewaySettings
from callup_desktop.gateway.steps import UploadSteps
from callup_desktop.gateway.telemetry import Metrics, Telemetry
from callup_desktop.gateway.turns import Turns
from callup_desktop.gateway.uploads import Limits, Uploads
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.day_facts import DayReader
from callup_desktop.services.mongo import MongoConnection, MongoRegistry
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.sqs import SqsAnnouncer
from callup_desktop.services.uploads import MongoUploads

_HEALTH_THREADS = 4
_RELAY_THREADS = 2
_REPORT_THREADS = 2
_KEY_THREADS = 2
_CHECKSUM_THREADS = 4
_CLEAN_UP_TIMEOUT = 20.0
"""Seconds that cancelled uploads get at a shutdown; what is left then is another replica's, once its lease ends."""


class OpenToAllError(Exception):
    """Raised where anybody on a network could send and read calls: no tokens, and not the sandbox on loopback."""


def now() -> datetime:
    """This computer's time, UTC; the replicas' clocks are kept alike by their operator (NTP)."""
    return datetime.now(UTC)


class Gateway:
    """Everything that a front door needs; background work runs while `running` lasts."""

    def __init__(self, settings: GatewaySettings, profile: Profile, secrets: Secrets, log: Log) -> None:
        """Raises OpenToAllError, OSError and ValueError; nothing is connected yet."""
        self.settings = settings
        self.messages = Messages()
        self.telemetry = Telemetry(log, Metrics(CollectorRegistry()))
        self._storage = BlockingCalls(
            settings.storage_threads, busy=Code.STORAGE_BUSY, turn_within=settings.tries_within
        )
        self._registry_calls = BlockingCalls(
            settings.registry_threads, busy=Code.REGISTRY_BUSY, turn_within=settings.tries_within
        )
        self._health_calls = BlockingCalls(_HEALTH_THREADS)
        self._relay_calls = BlockingCalls(_RELAY_THREADS)
        self._report_calls = BlockingCalls(_REPORT_THREADS)
        self._keys = BlockingCalls(_KEY_THREADS)
        self._work = BlockingCalls(_CHECKSUM_THREADS)
        self.callers = self._callers(profile)

        sized = profile.model_copy(update={"requests_at_once": settings.storage_threads})
        self._store = S3Store(sized, secrets, stall_timeout=settings.storage_timeout)
        self._connection = MongoConnection(
            profile,
            secrets,
            selection_timeout=settings.registry_timeout,
            socket_timeout=settings.registry_silence / 2,
            longest_socket_timeout=settings.registry_silence,
        )
        self._registry = MongoRegistry(profile, secrets, connection=self._connection)
        self._announcer = SqsAnnouncer(profile, secrets)
        uploads, owner = MongoUploads(self._connection, profile), f"{socket.gethostname()}/{uuid.uuid4().hex[:12]}"
        self._leases = Leases(uploads, self._health_calls, self.telemetry, owner=owner, seconds=settings.lease, now=now)
        steps = UploadSteps(
            self._store,
            self._registry,
            uploads,
            profile.bucket,
            profile.uploaded_by,
            now,
            settings.keep_days,
            settings.settle_after,
            timedelta(days=settings.rests_days),
        )
        outbox = Outbox(uploads, self._registry, self._announcer, Backoff(), now, settings.announce_again_after)
        self.relay = Relay(outbox, self._leases, self._relay_calls, self.telemetry, settings.relay_interval)
        pipeline = Pipeline(
            steps,
            self._storage,
            self._registry_calls,
            self._leases,
            self.telemetry,
            Backoff(),
            settings.tries,
            settings.tries_within,
            BackgroundTasks(self._ended),
            now,
            self.relay.hand_over,
        )
        self.reaper = Reaper(pipeline, interval=settings.relay_interval, now=now)
        self.health = Health(self._registry, uploads, self._store, self._health_calls)
        self.calls = Calls(uploads, self._registry, self._registry_calls)
        self.day_reports = DayReports(
            DayReader(self._store, self._registry, uploads, profile, now),
            self._report_calls,
            self.callers.only_tenant,
            settings.report_within,
        )
        self.admission = Admission(settings.memory_budget, settings.uploads_a_caller)
        self.uploads = Uploads(
            pipeline,
            self.admission,
            BufferPool(settings.buffers),
            Limits(settings.largest_recording, profile.call_types),
            self._work,
            self.messages,
            self.telemetry,
            now,
        )
        self.direct = DirectUploads(
            pipeline,
            self.admission,
            Turns(settings.storage_threads, settings.settle_after),
            Terms(
                settings.largest_recording,
                profile.call_types,
                profile.bucket,
                settings.urls_last,
                settings.complete_within,
            ),
            self.messages,
            self.telemetry,
            now,
        )
        self.registered = RegisteredCalls(
            pipeline, self.admission, profile.call_types, self.messages, self.telemetry, self.relay.wake, now
        )
        self.call_types = profile.call_types

    def _callers(self, profile: Profile) -> Callers:
        settings = self.settings
        if not settings.asks_for_tokens:
            if profile.credentials != "sandbox" or not is_loopback(settings.host):
                raise OpenToAllError
            return Anybody()
        tokens = (*settings.tokens, *(tokens_in(settings.tokens_file) if settings.tokens_file else ()))
        return BearerTokens(tokens, OidcIssuer(settings) if settings.oidc_issuer else None, self._keys)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Leases are renewed, messages relayed, dead requests' uploads settled, while the context lasts."""
        await self.health.troubles()
        with suppress(CallError):  # told by each message that cannot be sent
            await self._relay_calls.run(self._announcer.prepare)
        tasks = [asyncio.create_task(work) for work in (self._leases.run(), self.relay.run(), self.reaper.run())]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            yield
        finally:
            # uvicorn has cancelled what did not end in time, but does not wait until it has cleaned up.
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLEAN_UP_TIMEOUT):
                    await self._leases.idle()
                    await self.relay.once()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, self.day_reports.close(), return_exceptions=True)
            self._close()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (exc := task.exception()) is not None:
            self.telemetry.failed("background task ended", exc)

    def _close(self) -> None:
        for calls in (
            self._storage,
            self._registry_calls,
            self._health_calls,
            self._relay_calls,
            self._report_calls,
            self._keys,
            self._work,
        ):
            calls.close()
        for service in (self._store, self._announcer, self._registry):
            service.reset()
