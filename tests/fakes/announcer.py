"""A transcription queue in memory that behaves like SQS: it takes each message, also twice. Any thread."""

from threading import Lock

from callup_desktop.calls.documents import TranscriptionTask
from tests.fakes.faults import Call, Faults, Moment, no_faults


class FakeAnnouncer:
    """SQS in memory. Look at `messages` (in order of arrival) and `calls`."""

    def __init__(self, *, faults: Faults = no_faults) -> None:
        """Start empty."""
        self.messages: list[TranscriptionTask] = []
        self.calls: list[Call] = []
        self.resets = 0
        self.renewals = 0
        self.faults = faults
        self._lock = Lock()

    def announce(self, task: TranscriptionTask) -> str:
        """Take the message."""
        call = Call("announce", task.call_id)
        with self._lock:
            self.calls.append(call)
        self.faults(call, Moment.BEFORE)
        with self._lock:
            self.messages.append(task)
            message_id = f"message-{len(self.messages)}"
        self.faults(call, Moment.AFTER)
        return message_id

    def reset(self) -> None:
        """Count it; there is no connection here."""
        self.resets += 1

    def renew_credentials(self) -> None:
        """Count it; there are no credentials here."""
        self.renewals += 1
