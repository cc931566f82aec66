"""The object store behind a gateway: engine.ports.Store over signed URLs. Any thread."""

from datetime import UTC, datetime, timedelta
from functools import partial

from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import Code, JobError, Rejection, TransientError
from callup_desktop.engine.parts import SMALLEST_PART, Part
from callup_desktop.engine.ports import Algorithm, Body, StoredObject, Target, Upload
from callup_desktop.recordings.formats import FORMATS
from callup_desktop.services.aws import ServerClock
from callup_desktop.services.direct_shapes import (
    Completion,
    Declared,
    PartsWanted,
    SentPart,
    SignedParts,
    SignedPartView,
    UploadStage,
    UploadView,
)
from callup_desktop.services.gateway.client import REFUSALS, Answer, GatewayClient, Meaning, still_under_way
from callup_desktop.services.gateway.signed_put import SignedPuts
from callup_desktop.services.gateway.signed_urls import SignedUrls
from callup_desktop.services.gateway_tokens import GatewaySecrets
from callup_desktop.services.s3.requests import body_checksum, checksum_of, md5_of
from callup_desktop.services.transport import STALL_TIMEOUT, Transport, can_connect

SPARE_CONNECTIONS = 4
"""Beside those of the parts: what is asked for other jobs meanwhile."""
_ALL_STORED = frozenset({UploadStage.STORED, UploadStage.REGISTERED})
_GOES_ON = frozenset({UploadStage.OPEN, UploadStage.LOST})
_ENDED = frozenset({Code.NO_SUCH_CALL, Code.UPLOAD_NOT_OPEN})


class GatewayStore:
    """What the storage holds of this computer's calls, as a gateway tells it; the bytes go straight to the storage.

    The gateway keeps key and upload id, so an upload is known by its call's id. `stall_timeout` is seconds without a
    byte.
    """

    def __init__(
        self,
        profile: GatewayProfile,
        secrets: GatewaySecrets,
        clock: ServerClock | None = None,
        *,
        stall_timeout: float = STALL_TIMEOUT,
    ) -> None:
        connections = profile.requests_at_once + SPARE_CONNECTIONS
        self._transport = Transport(connections=connections, stall_timeout=stall_timeout, way=secrets.way)
        meaning = Meaning(busy=Code.STORAGE_BUSY, refused=Code.STORE_REFUSED)
        self._client = GatewayClient(profile, secrets, self._transport, meaning, clock)
        self._puts = SignedPuts(self._transport)
        self._urls = SignedUrls(self._sign, self._gateway_time)
        self._address, self._way = profile.gateway, secrets.way
        self._lists_checksums = True

    @property
    def storage_host(self) -> str:
        """Where the last part went, "" before the first one."""
        return self._puts.host

    def algorithm(self) -> Algorithm:
        """A gateway works with no store that has another."""
        return Algorithm.CRC64NVME

    def creates_once(self) -> bool:
        """The same call is the same upload."""
        return True

    def create(self, target: Target) -> Upload:
        """Open the call's upload, or find it open."""
        view = self._begin(target, target.part_size)
        return Upload(view.call_id, view.kept_until)

    def put(self, target: Target, body: Body) -> StoredObject:
        """Store the whole object as one part."""
        if body_checksum(Algorithm.CRC64NVME, body) != target.crc64nvme:
            raise TransientError(Code.PART_DAMAGED, "put: the bytes are not those that were checked")
        view = self._begin(target, max(target.size, SMALLEST_PART))
        if view.stage in _ALL_STORED:
            return _stored(view)
        part = self.upload_part(target, view.call_id, 1, body)
        stored = self.complete(target, view.call_id, (part,))
        if stored is None:
            raise TransientError(Code.UPLOAD_EXPIRED, "the gateway no longer knows the upload")
        return stored

    def upload_part(self, target: Target, upload_id: str, number: int, body: Body) -> Part:  # noqa: ARG002 - the call's id is known
        """Store one part by a URL that was signed for its bytes."""
        checksum = body_checksum(Algorithm.CRC64NVME, body)
        return self._puts.put(partial(self._urls.take, target, number, len(body), checksum), checksum, body)

    def list_parts(self, target: Target, upload_id: str) -> tuple[Part, ...] | None:  # noqa: ARG002 - the call's id is known
        """The parts that the storage holds; None where it does not hold the upload open."""
        view = self._look(target)
        if view is None or view.stage is not UploadStage.OPEN:
            return None
        self._urls.are_stored(target, (part.number for part in view.parts))
        if view.parts:
            self._lists_checksums = any(part.checksum for part in view.parts)
        return tuple(Part(part.number, part.size, part.etag, part.checksum) for part in view.parts)

    def complete(self, target: Target, upload_id: str, parts: tuple[Part, ...]) -> StoredObject | None:  # noqa: ARG002 - the call's id is known
        """Make the object of its parts, which the gateway compares with what was announced."""
        expected = _ENDED | {Code.PARTS_MISSING, *REFUSALS}
        sent = Completion(parts=[SentPart(number=part.number, etag=part.etag) for part in parts])
        answer = self._client.ask("complete", "POST", f"{_path(target)}/complete", sent, expected=expected)
        match answer.problem:
            case "":
                view = _ended_view(answer)
                self._urls.forget(target)
                return _stored(view) if view.stage in _ALL_STORED else None
            case Code.PARTS_MISSING:
                raise TransientError(Code.UPLOAD_EXPIRED, answer.detail)
            case Code.NO_SUCH_CALL | Code.UPLOAD_NOT_OPEN:
                return None
            case _:
                raise JobError(Code.MISMATCH, answer.detail)

    def head(self, target: Target) -> StoredObject | None:
        """The finished object."""
        view = self._look(target)
        return _stored(view) if view is not None and view.stage in _ALL_STORED else None

    def matches(self, target: Target, found: StoredObject) -> bool:
        """Size and checksum."""
        return (found.size, found.checksum) == (target.size, f"{Algorithm.CRC64NVME}:{target.crc64nvme}")

    def open_uploads(self, target: Target) -> tuple[str, ...]:
        """The call's upload while the gateway goes on with it, also one that the storage never opened or has lost."""
        view = self._look(target)
        return (view.call_id,) if view is not None and view.stage in _GOES_ON else ()

    def abort(self, target: Target, upload_id: str) -> None:  # noqa: ARG002 - the call's id is known
        """End the upload, also one that the gateway has not heard of yet; an object that it has become stays."""
        view = self._look(target)
        if view is None or view.stage not in _ALL_STORED:
            self._remove(target)

    def delete(self, target: Target, version_id: str = "") -> None:  # noqa: ARG002 - the gateway removes every version
        """Take everything of the call away."""
        if self._remove(target).problem == Rejection.REGISTERED:
            raise JobError(Code.REMOVAL_DENIED, "the call is registered")

    def part_checksum(self, data: memoryview) -> str:
        """As the gateway was seen to list it."""
        return checksum_of(Algorithm.CRC64NVME, (data,)) if self._lists_checksums else md5_of((data,))

    def clock_offset(self) -> timedelta:
        """How far the gateway's clock is ahead, by its last answer."""
        return self._client.clock.offset

    def hear_time(self) -> bool:
        """Ask whether the gateway is there, unless an answer told its time already."""
        if self._client.clock.heard:
            return False
        self._client.hear_time()
        return True

    def reachable(self) -> bool:
        """Whether the gateway, or the proxy before it, takes a connection."""
        return can_connect(self._address, self._way)

    def reset(self) -> None:
        """Drop all connections; calls under way end in TransientError."""
        self._transport.reset()

    def renew_credentials(self) -> None:
        """Nothing: each request reads the token."""

    def _begin(self, target: Target, part_size: int) -> UploadView:
        declared = Declared(
            size=target.size,
            format=next(format_ for format_, known in FORMATS.items() if known.content_type == target.content_type),
            crc64nvme=target.crc64nvme,
            part_size=part_size,
            # Its rep was asked.
            send_anyway=True,
        )
        expected = REFUSALS | {Code.OTHER_CONTENT}
        answer = self._client.ask("begin", "PUT", _path(target), declared, expected=expected)
        if answer.problem:
            # What was begun or refused before goes first, as an object that is not the file does.
            raise JobError(Code.MISMATCH, answer.detail)
        view = answer.read(UploadView)
        self._urls.forget(target)
        self._urls.keep(target, view.signed)
        return view

    def _gateway_time(self) -> datetime:
        return datetime.now(UTC) + self._client.clock.offset

    def _sign(self, target: Target, wanted: PartsWanted) -> list[SignedPartView]:
        answer = self._client.ask("sign", "POST", f"{_path(target)}/parts", wanted, expected=_ENDED)
        if answer.problem:
            raise TransientError(Code.UPLOAD_EXPIRED, answer.detail)
        return answer.read(SignedParts).parts

    def _look(self, target: Target) -> UploadView | None:
        """The call as the gateway has it; None where it has nothing of it."""
        answer = self._client.ask("look", "GET", _path(target), expected=REFUSALS | {Code.NO_SUCH_CALL})
        return None if answer.problem else _ended_view(answer)

    def _remove(self, target: Target) -> Answer:
        self._urls.forget(target)
        expected = {Code.NO_SUCH_CALL, Code.UPLOAD_UNDER_WAY, Code.UPLOAD_WAITS, Rejection.REGISTERED}
        answer = self._client.ask("remove", "DELETE", _path(target), expected=expected)
        if answer.problem in {Code.UPLOAD_UNDER_WAY, Code.UPLOAD_WAITS}:
            raise TransientError(Code.STILL_STORED, answer.detail, retry_after=answer.retry_after)
        return answer


def _path(target: Target) -> str:
    return f"/uploads/{target.call_id}"


def _ended_view(answer: Answer) -> UploadView:
    """The call as it stands; raises TransientError while the gateway works on it."""
    view = answer.read(UploadView)
    if view.stage is UploadStage.COMPLETING:
        raise still_under_way(answer)
    return view


def _stored(view: UploadView) -> StoredObject:
    return StoredObject(view.size, view.etag or "", f"{Algorithm.CRC64NVME}:{view.crc64nvme}")
