"""The parts of one engine, wired to each other. Built on any thread, owned by the engine thread afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from callup_desktop.engine.backoff import Backoff
from callup_desktop.engine.circuit_breaker import CircuitBreakers
from callup_desktop.engine.command_handler import CommandHandler
from callup_desktop.engine.concurrency import ConcurrencyLimit
from callup_desktop.engine.destinations import Destinations
from callup_desktop.engine.edits import Edits
from callup_desktop.engine.elsewhere import Elsewhere
from callup_desktop.engine.events import Event
from callup_desktop.engine.live_jobs import LiveJobs
from callup_desktop.engine.needed_service import Service
from callup_desktop.engine.on_failure import LOST_FOR, FailureHandler
from callup_desktop.engine.on_success import SuccessHandler
from callup_desktop.engine.pace import Pace
from callup_desktop.engine.part_feed import PartFeed
from callup_desktop.engine.pool_calls import PoolCalls
from callup_desktop.engine.ports import Clock, Log, Pool, Services
from callup_desktop.engine.reachability import NetworkState, Reachability
from callup_desktop.engine.retries import Retries
from callup_desktop.engine.scheduler import Scheduler
from callup_desktop.engine.send_rules import SendRules
from callup_desktop.engine.status_reporter import StatusReporter
from callup_desktop.engine.step_calls import StepCalls
from callup_desktop.engine.storage_time import StorageTime
from callup_desktop.engine.uplink import Uplink
from callup_desktop.engine.watched_files import WatchedFiles


@dataclass(frozen=True, slots=True)
class Settings:
    """What the profile says about every call, and the limits. `bandwidth_limit` is bytes a second."""

    bucket: str
    call_types: tuple[str, ...]
    uploaded_by: str | None = None
    files_at_once: int = 3
    requests_at_once: int = 8
    bandwidth_limit: int | None = None
    destination: str = ""
    """The identity of the profile, as each of its calls keeps it."""
    takes_calls_from: frozenset[str] = frozenset()
    """Identities whose waiting calls may come along; "" is that of calls from before there were any."""


@dataclass(frozen=True, slots=True)
class Composition:
    """What the engine's loop turns to."""

    live: LiveJobs
    calls: PoolCalls
    destinations: Destinations
    pace: Pace
    uplink: Uplink
    limit: ConcurrencyLimit
    network: NetworkState
    retries: Retries
    watched: WatchedFiles
    scheduler: Scheduler
    commands: CommandHandler
    status: StatusReporter
    reachability: Reachability
    network_lost: Callable[[], None]
    """The system, or a probe, says that the network is gone: shown, never believed enough to stop trying."""


def compose(
    *,
    services: Services,
    settings: Settings,
    pool: Pool,
    clock: Clock,
    post: Callable[[Callable[[], None]], None],
    report: Callable[[Event], None],
    log: Log,
    backoff: Backoff,
    plan: Callable[[int, float | None], int],
    sending: bool,
    redact: Callable[[str], str],
) -> Composition:
    """The parts; `post` puts an item into the engine's mailbox, `plan` gives bytes a part.

    `redact` takes secrets out of a text before it is written down.
    """
    live, network, pace = LiveJobs(report, clock.now), NetworkState(clock.now()), Pace(settings.bandwidth_limit)
    uplink = Uplink(pace)
    calls, breakers = PoolCalls(pool, clock, post), CircuitBreakers(backoff)
    limit = ConcurrencyLimit(settings.requests_at_once)
    retries = Retries(
        live=live, breakers=breakers, network=network, services=services, calls=calls, clock=clock, backoff=backoff
    )
    destinations = Destinations(
        live,
        clock,
        here=settings.destination,
        bucket=settings.bucket,
        takes_calls_from=settings.takes_calls_from,
    )
    time = StorageTime(clock, services.store)
    rules = SendRules(
        live=live,
        uplink=uplink,
        clock=clock,
        time=time,
        report=report,
        bucket=settings.bucket,
        destination=settings.destination,
        call_types=settings.call_types,
        plan=plan,
    )
    watched = WatchedFiles(live=live, clock=clock, destination=settings.destination)
    edits = Edits(live=live, time=time, report=report, call_types=settings.call_types)
    elsewhere = Elsewhere(
        live=live, ask=services.elsewhere, calls=calls, clock=clock, log=log, here=settings.destination
    )
    on_success = SuccessHandler(
        live=live,
        edits=edits,
        elsewhere=elsewhere,
        watched=watched,
        uplink=uplink,
        clock=clock,
        time=time,
        plan=plan,
        report=report,
        log=log,
    )
    on_failure = FailureHandler(
        live=live,
        breakers=breakers,
        limit=limit,
        network=network,
        clock=clock,
        time=time,
        backoff=backoff,
        redact=redact,
    )
    work = StepCalls(
        live=live, services=services, pace=pace, uplink=uplink, clock=clock, uploaded_by=settings.uploaded_by
    )
    scheduler = Scheduler(
        live=live,
        destinations=destinations,
        breakers=breakers,
        uplink=uplink,
        calls=calls,
        work=work,
        parts=PartFeed(live=live, limit=limit),
        retries=retries,
        rules=rules,
        on_success=on_success,
        on_failure=on_failure,
        clock=clock,
        log=log,
        report=report,
        files_at_once=settings.files_at_once,
        held=not sending,
    )
    commands = CommandHandler(
        live=live,
        destinations=destinations,
        scheduler=scheduler,
        breakers=breakers,
        rules=rules,
        edits=edits,
        services=services,
        calls=calls,
        clock=clock,
        report=report,
    )

    def network_lost() -> None:
        now = clock.now()
        network.see(now, online=False)
        breakers.postpone(Service.STORAGE, now + LOST_FOR)

    reachability = Reachability(
        breakers=breakers,
        network=network,
        clock=clock,
        calls=calls,
        reachable=services.store.reachable,
        on_lost=network_lost,
        on_found=retries.try_network,
        on_moving=retries.see_online,
    )
    status = StatusReporter(live, breakers, network, report)
    return Composition(
        live,
        calls,
        destinations,
        pace,
        uplink,
        limit,
        network,
        retries,
        watched,
        scheduler,
        commands,
        status,
        reachability,
        network_lost,
    )
