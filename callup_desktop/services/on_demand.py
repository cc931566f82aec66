"""The services of a profile, each loaded and made by its first call, so that no start waits for it. Any thread.

The libraries of AWS and MongoDB take half a second to load. `ServicesOnDemand.load` does that ahead of the first call,
beside what else a start has to do.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from callup_desktop.calls.documents import CallDocument, CallEdit, TranscriptionTask
from callup_desktop.calls.metadata import Details
from callup_desktop.config.profile import AnyProfile, GatewayProfile
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import (
    Algorithm,
    Announcer,
    Body,
    Registry,
    SentElsewhere,
    Services,
    Store,
    StoredObject,
    Target,
    Upload,
)
from callup_desktop.recordings.recording import Recording, VideoPolicy
from callup_desktop.services.gateway_tokens import AnySecrets, of_gateway, straight

if TYPE_CHECKING:
    from callup_desktop.services.gateway.calls import GatewayElsewhere


class _Connected(Protocol):
    """What store, registry and announcer have in common."""

    def reset(self) -> None:
        """Drop pooled connections."""
        ...

    def renew_credentials(self) -> None:
        """Make the next call read the keys again."""
        ...


T = TypeVar("T", bound=_Connected)


class _OnDemand(Generic[T]):
    """A service that `make` makes once; what only ends or renews something does nothing before that."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: T | None = None

    @property
    def service(self) -> T:
        """The service; the first caller makes it, and the others wait for that."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def reset(self) -> None:
        """Drop pooled connections."""
        if self._made is not None:
            self._made.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the keys again."""
        if self._made is not None:
            self._made.renew_credentials()


class StoreOnDemand(_OnDemand[Store]):
    """Implements `engine.ports.Store`."""

    def algorithm(self) -> Algorithm:
        """See Store."""
        return self.service.algorithm()

    def wants_crc32(self) -> bool:
        """Whether the store was found to lack the better checksum; not known before its first call."""
        return self._made is not None and self._made.algorithm() is Algorithm.CRC32

    def create(self, target: Target) -> Upload:
        """See Store."""
        return self.service.create(target)

    def creates_once(self) -> bool:
        """See Store."""
        return self.service.creates_once()

    def put(self, target: Target, body: Body) -> StoredObject:
        """See Store."""
        return self.service.put(target, body)

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:
        """See Store."""
        return self.service.upload_part(target, upload_id, number, body)

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:
        """See Store."""
        return self.service.list_parts(target, upload_id)

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:
        """See Store."""
        return self.service.complete(target, upload_id, parts)

    def head(self, target: Target) -> StoredObject | None:
        """See Store."""
        return self.service.head(target)

    def matches(self, target: Target, found: StoredObject) -> bool:
        """See Store."""
        return self.service.matches(target, found)

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """See Store."""
        return self.service.open_uploads(target)

    def abort(self, target: Target, upload_id: str) -> None:
        """See Store."""
        self.service.abort(target, upload_id)

    def delete(self, target: Target, version_id: str = "") -> None:
        """See Store."""
        self.service.delete(target, version_id)

    def part_checksum(self, data: memoryview) -> str:
        """See Store."""
        return self.service.part_checksum(data)

    def clock_offset(self) -> timedelta:
        """See Store; the engine asks, so it does not wait for a service that is being made."""
        return self._made.clock_offset() if self._made is not None else timedelta(0)

    def hear_time(self) -> bool:
        """See Store."""
        return self.service.hear_time()

    def reachable(self) -> bool:
        """See Store."""
        return self.service.reachable()


class RegistryOnDemand(_OnDemand[Registry]):
    """Implements `engine.ports.Registry`."""

    def register(self, document: CallDocument) -> None:
        """See Registry."""
        self.service.register(document)

    def edit(self, edit: CallEdit) -> Details | None:
        """See Registry."""
        return self.service.edit(edit)

    def find(self, call_id: str) -> bool:
        """See Registry."""
        return self.service.find(call_id)

    def statuses(self, call_ids: tuple[str, ...]) -> dict[str, str]:
        """See Registry."""
        return self.service.statuses(call_ids)


class AnnouncerOnDemand(_OnDemand[Announcer]):
    """Implements `engine.ports.Announcer`."""

    def announce(self, task: TranscriptionTask) -> str:
        """See Announcer."""
        return self.service.announce(task)


class ElsewhereOnDemand(_OnDemand["GatewayElsewhere"]):
    """Implements `engine.ports.AskElsewhere`."""

    def __call__(self, crc64nvme: str, size: int) -> tuple[SentElsewhere, ...]:
        """See AskElsewhere."""
        return self.service(crc64nvme, size)


class ServicesOnDemand:
    """The outside world that the profile names; nothing is loaded or connected yet."""

    def __init__(self, profile: AnyProfile, secrets: AnySecrets) -> None:
        self._video = VideoPolicy(profile.video)
        self._store = StoreOnDemand(lambda: _store(profile, secrets))
        self._registry = RegistryOnDemand(lambda: _registry(profile, secrets))
        self._announcer = AnnouncerOnDemand(lambda: _announcer(profile, secrets))
        self._elsewhere = _elsewhere(profile, secrets)
        self.services = Services(self._store, self._registry, self._announcer, self._probe, elsewhere=self._elsewhere)

    def load(self) -> None:
        """Load and make them now, in the order in which a call needs them; takes up to a second, connects nothing."""
        _ = (self._store.service, self._registry.service, self._announcer.service)

    def reset(self) -> None:
        """Drop all connections."""
        for service in (self._store, self._registry, self._announcer, self._elsewhere):
            if service is not None:
                service.reset()

    def _probe(self, path: Path, *, cancelled: Callable[[], bool], progress: Callable[[int, int], None]) -> Recording:
        from callup_desktop.recordings.probe import probe

        return probe(
            path,
            cancelled=cancelled,
            progress=progress,
            video=self._video,
            wants_crc32=self._store.wants_crc32,
        )


def leave_out_awscrt(profile: AnyProfile) -> None:
    """Let botocore go without awscrt, which takes longer to load than all of itself.

    Only the SDK's own chain needs it, for the keys of an `aws login`. It is for a process that never has another
    profile, to be called before botocore is loaded.
    """
    if isinstance(profile, GatewayProfile) or profile.credentials != "aws":
        sys.modules.setdefault("awscrt", None)  # type: ignore[arg-type]  # the documented way to say so


def _store(profile: AnyProfile, secrets: AnySecrets) -> Store:
    if isinstance(profile, GatewayProfile):
        from callup_desktop.services.gateway.store import GatewayStore

        return GatewayStore(profile, of_gateway(secrets))
    from callup_desktop.services.s3.store import S3Store

    return S3Store(*straight(profile, secrets))


def _registry(profile: AnyProfile, secrets: AnySecrets) -> Registry:
    if isinstance(profile, GatewayProfile):
        from callup_desktop.services.gateway.calls import GatewayRegistry

        return GatewayRegistry(profile, of_gateway(secrets))
    # Python's own TLS is what the driver uses; it would load cryptography only to find that PyOpenSSL is missing.
    sys.modules.setdefault("pymongo.pyopenssl_context", None)  # type: ignore[arg-type]  # the documented way to say so
    from callup_desktop.services.mongo import MongoRegistry

    return MongoRegistry(*straight(profile, secrets))


def _elsewhere(profile: AnyProfile, secrets: AnySecrets) -> ElsewhereOnDemand | None:
    """Only a gateway can be asked."""
    return (
        ElsewhereOnDemand(lambda: _gateway_elsewhere(profile, secrets)) if isinstance(profile, GatewayProfile) else None
    )


def _gateway_elsewhere(profile: GatewayProfile, secrets: AnySecrets) -> "GatewayElsewhere":
    from callup_desktop.services.gateway.calls import GatewayElsewhere

    return GatewayElsewhere(profile, of_gateway(secrets))


def _announcer(profile: AnyProfile, secrets: AnySecrets) -> Announcer:
    if isinstance(profile, GatewayProfile):
        from callup_desktop.services.gateway.calls import GatewayAnnouncer

        return GatewayAnnouncer(profile, of_gateway(secrets))
    from callup_desktop.services.message_batches import MessageBatches
    from callup_desktop.services.sqs import SqsAnnouncer

    return MessageBatches(SqsAnnouncer(*straight(profile, secrets)))
