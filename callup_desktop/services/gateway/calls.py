"""Registry and queue behind a gateway, and what others have sent through it: classes of engine.ports. Any thread."""

import time
from urllib.parse import quote

from callup_desktop.calls.documents import CallDocument, CallEdit, CallMetadata, TranscriptionTask
from callup_desktop.calls.metadata import Details
from callup_desktop.config.profile import GatewayProfile
from callup_desktop.engine.errors import CallError, Code, JobError, TransientError
from callup_desktop.engine.ports import SentElsewhere
from callup_desktop.services.direct_shapes import (
    MOST_STATUSES,
    Announced,
    CallStatuses,
    Described,
    Edit,
    Metadata,
    Registration,
    SameRecordings,
    UploadStage,
    UploadView,
)
from callup_desktop.services.gateway.client import REFUSALS, GatewayClient, Meaning, still_under_way
from callup_desktop.services.gateway_tokens import GatewaySecrets
from callup_desktop.services.transport import STALL_TIMEOUT, Transport

_GONE = frozenset({Code.NO_SUCH_CALL, Code.UPLOAD_NOT_OPEN})
"""What a gateway says of a recording that it has given up, or never had whole."""
QUEUED = "queued"
"""The id of a message that waits in the gateway's outbox: it is sent, whatever becomes of this computer."""
_CONNECTIONS = 4
_ELSEWHERE_TIMEOUT = 3.0
"""Seconds without a byte: a rep waits for the answer, and a call can do without it."""
_SILENT_FOR = 60.0
"""Seconds in which nobody is asked again whose answer did not come, so that many calls wait for it once."""
_LONGEST_NAME = 100
_ACCEPTED = 202


class _Port:
    """A client with connections of its own, so that one line's silence cuts no other's."""

    def __init__(
        self, profile: GatewayProfile, secrets: GatewaySecrets, meaning: Meaning, *, stall_timeout: float
    ) -> None:
        self._transport = Transport(connections=_CONNECTIONS, stall_timeout=stall_timeout, way=secrets.way)
        self._client = GatewayClient(profile, secrets, self._transport, meaning)

    def reset(self) -> None:
        """Drop all connections; calls under way end in TransientError."""
        self._transport.reset()

    def renew_credentials(self) -> None:
        """Nothing: each request reads the token."""


class GatewayRegistry(_Port):
    """The registry behind a gateway, which makes the documents of what it has stored."""

    def __init__(
        self, profile: GatewayProfile, secrets: GatewaySecrets, *, stall_timeout: float = STALL_TIMEOUT
    ) -> None:
        meaning = Meaning(busy=Code.REGISTRY_BUSY, refused=Code.REGISTRY_REFUSED)
        super().__init__(profile, secrets, meaning, stall_timeout=stall_timeout)

    def register(self, document: CallDocument) -> None:
        """Have the stored call registered with the document's details; the gateway knows the rest itself.

        TransientError(UPLOAD_EXPIRED) where the gateway no longer has the recording.
        """
        wanted = Registration(metadata=_metadata(document.metadata), uploaded_by=document.uploaded_by)
        path = f"/uploads/{document.call_id}/register"
        answer = self._client.ask("register", "POST", path, wanted, expected=REFUSALS | _GONE)
        if answer.problem in _GONE:
            raise TransientError(Code.UPLOAD_EXPIRED, answer.detail)
        if answer.problem:
            raise JobError(Code.NOT_AS_DECLARED, answer.detail)
        if answer.status == _ACCEPTED:
            raise still_under_way(answer)

    def edit(self, edit: CallEdit) -> Details | None:
        """Give the call these details while nobody has begun with it; what it has then."""
        wanted = Edit(metadata=_metadata(edit.metadata), edited_at=edit.updated_at)
        answer = self._client.ask("edit", "PATCH", f"/calls/{edit.call_id}", wanted, expected={Code.NO_SUCH_CALL})
        return None if answer.problem else answer.read(Described).metadata.details()

    def find(self, call_id: str) -> bool:
        """Whether the call is registered; raises TransientError while the gateway registers it."""
        answer = self._client.ask("find", "GET", f"/uploads/{call_id}", expected=REFUSALS | {Code.NO_SUCH_CALL})
        if answer.problem:
            return False
        stage = answer.read(UploadView).stage
        if stage is UploadStage.COMPLETING:
            raise still_under_way(answer)
        return stage is UploadStage.REGISTERED

    def statuses(self, call_ids: tuple[str, ...]) -> dict[str, str]:
        """What became of the calls, a request for each hundred."""
        found: dict[str, str] = {}
        for start in range(0, len(call_ids), MOST_STATUSES):
            ids = ",".join(call_ids[start : start + MOST_STATUSES])
            found |= self._client.ask("statuses", "GET", f"/calls?ids={ids}").read(CallStatuses).statuses
        return found


class GatewayElsewhere(_Port):
    """What the company's other computers have sent, as a gateway knows it: engine.ports.AskElsewhere."""

    def __init__(
        self, profile: GatewayProfile, secrets: GatewaySecrets, *, stall_timeout: float = _ELSEWHERE_TIMEOUT
    ) -> None:
        meaning = Meaning(busy=Code.REGISTRY_BUSY, refused=Code.REGISTRY_REFUSED)
        super().__init__(profile, secrets, meaning, stall_timeout=stall_timeout)
        self._silent_until = 0.0

    def reset(self) -> None:
        """Drop all connections, and ask again."""
        super().reset()
        self._silent_until = 0.0

    def __call__(self, crc64nvme: str, size: int) -> tuple[SentElsewhere, ...]:
        """The tenant's calls with this recording; for a minute after a failure, nobody is asked."""
        if time.monotonic() < self._silent_until:
            raise TransientError(Code.REGISTRY_BUSY, "elsewhere: no answer came a moment ago")
        try:
            answer = self._client.ask("elsewhere", "GET", f"/calls?crc64nvme={quote(crc64nvme, safe='')}&size={size}")
            found = answer.read(SameRecordings).same_recording
        except CallError:
            self._silent_until = time.monotonic() + _SILENT_FOR
            raise
        return tuple(SentElsewhere(each.call_id, each.sent_by[:_LONGEST_NAME], each.sent_at) for each in found)


class GatewayAnnouncer(_Port):
    """The outbox of a gateway, which every registered call is in."""

    def __init__(
        self, profile: GatewayProfile, secrets: GatewaySecrets, *, stall_timeout: float = STALL_TIMEOUT
    ) -> None:
        meaning = Meaning(busy=Code.QUEUE_UNREACHABLE, refused=Code.QUEUE_REFUSED)
        super().__init__(profile, secrets, meaning, stall_timeout=stall_timeout)

    def announce(self, task: TranscriptionTask) -> str:
        """The id of the call's message; QUEUED where the gateway has yet to send it."""
        answer = self._client.ask("announce", "POST", f"/uploads/{task.call_id}/announce")
        return answer.read(Announced).message_id or QUEUED


def _metadata(metadata: CallMetadata) -> Metadata:
    return Metadata(**metadata.model_dump())
