"""What the gateway tells about itself: log lines, Prometheus metrics, OpenTelemetry spans. Event loop.

Spans go to whatever SDK the operator installs; without one they cost nothing and go nowhere.
"""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from callup_desktop.engine.ports import Log

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
_TRACER = trace.get_tracer("callup.gateway")


class Stage(StrEnum):
    """Where an upload spends its time."""

    RECEIVE = "receive"
    STORE = "store"
    PROBE = "probe"
    REGISTER = "register"
    ANNOUNCE = "announce"


class Metrics:
    """The metrics of one process; what each means is its help text."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.requests = Counter(
            "callup_requests_total", "Requests answered", ("route", "method", "status"), registry=registry
        )
        self.problems = Counter(
            "callup_problems_total", "Requests that ended in a problem", ("type",), registry=registry
        )
        self.stages = Histogram(
            "callup_stage_seconds", "Seconds per stage of an upload", ("stage",), buckets=_SECONDS, registry=registry
        )
        self.received = Counter("callup_received_bytes_total", "Bytes of request bodies read", registry=registry)
        self.signed = Counter(
            "callup_signed_parts_total", "Parts of direct uploads for which a URL was signed", registry=registry
        )
        self.under_way = Gauge(
            "callup_uploads_under_way",
            "Uploads being received or stored now",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.held = Gauge(
            "callup_memory_held_bytes",
            "Bytes of the memory budget that uploads hold",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.announced = Counter("callup_announced_total", "Messages that the queue took", registry=registry)
        self.announce_failures = Counter(
            "callup_announce_failures_total", "Messages that the queue did not take at a try", registry=registry
        )
        self.settled = Counter(
            "callup_abandoned_settled_total",
            "Uploads of a dead request, by what became of them",
            ("outcome",),
            registry=registry,
        )
        self.overdue = Gauge(
            "callup_overdue_rows",
            "Rows due by now: messages to send, uploads to settle",
            registry=registry,
            multiprocess_mode="max",
        )


@dataclass(slots=True)
class Stopwatch:
    """The seconds of one upload by stage."""

    metrics: Metrics
    seconds: dict[Stage, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Time what is done inside; also a span."""
        with _TRACER.start_as_current_span(stage.value), self.timed(stage):
            yield

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Time what is done inside, thousands of times an upload: without a span."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(stage, time.monotonic() - began)

    def add(self, stage: Stage, seconds: float) -> None:
        """Count these seconds to the stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def observe(self) -> dict[str, float]:
        """Hand the sums to the metrics; they also stand in the log, by `<stage>_seconds`."""
        for stage, seconds in self.seconds.items():
            self.metrics.stages.labels(stage.value).observe(seconds)
        return {f"{stage.value}_seconds": round(seconds, 4) for stage, seconds in self.seconds.items()}


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The log and the metrics, handed to whoever tells something."""

    log: Log
    metrics: Metrics

    def stopwatch(self) -> Stopwatch:
        """A new one."""
        return Stopwatch(self.metrics)

    def failed(self, event: str, exc: BaseException, **facts: object) -> None:
        """An error line with the type and the traceback."""
        told = "".join(traceback.format_exception(exc))
        self.log.error(event, error_type=type(exc).__name__, error=str(exc), traceback=told, **facts)
