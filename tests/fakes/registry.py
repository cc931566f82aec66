"""A call registry in memory that behaves like the collection: one document a call, never overwritten. Any thread."""

from threading import Lock

from callup_desktop.calls.documents import CallDocument
from tests.fakes.faults import Call, Faults, Moment, no_faults


class FakeRegistry:
    """MongoDB in memory. Look at `documents` (by call_id) and `calls`."""

    def __init__(self, *, faults: Faults = no_faults) -> None:
        """Start empty."""
        self.documents: dict[str, dict[str, object]] = {}
        self.calls: list[Call] = []
        self.resets = 0
        self.renewals = 0
        self.faults = faults
        self._lock = Lock()

    def register(self, document: CallDocument) -> None:
        """Insert unless it is there."""
        call = self._begin(Call("register", document.call_id))
        with self._lock:
            self.documents.setdefault(document.call_id, document.as_document())
        self.faults(call, Moment.AFTER)

    def find(self, call_id: str) -> bool:
        """Whether it is there."""
        call = self._begin(Call("find", call_id))
        with self._lock:
            found = call_id in self.documents
        self.faults(call, Moment.AFTER)
        return found

    def statuses(self, call_ids: tuple[str, ...]) -> dict[str, str]:
        """The status of each call it knows."""
        call = self._begin(Call("statuses", ",".join(call_ids)))
        with self._lock:
            found = {
                call_id: str(self.documents[call_id]["status"]) for call_id in call_ids if call_id in self.documents
            }
        self.faults(call, Moment.AFTER)
        return found

    def reset(self) -> None:
        """Count it; there is no connection here."""
        self.resets += 1

    def renew_credentials(self) -> None:
        """Count it; there are no credentials here."""
        self.renewals += 1

    def _begin(self, call: Call) -> Call:
        with self._lock:
            self.calls.append(call)
        self.faults(call, Moment.BEFORE)
        return call
