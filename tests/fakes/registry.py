"""A call registry in memory that behaves like the collection: one document a call, never overwritten. Any thread."""

from datetime import datetime
from threading import Lock

from callup_desktop.calls.documents import FIRST_STATUS, CallDocument, CallEdit
from callup_desktop.calls.metadata import Details
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

    def edit(self, edit: CallEdit) -> Details | None:
        """Change the details of a call whose status is the first one."""
        call = self._begin(Call("edit", edit.call_id))
        with self._lock:
            document = self.documents.get(edit.call_id)
            if document is not None and _is_open(document, edit):
                document |= {"metadata": edit.metadata.model_dump(), "updated_at": edit.updated_at}
            held = None if document is None else _details_in(document)
        self.faults(call, Moment.AFTER)
        return held

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


def _is_open(document: dict[str, object], edit: CallEdit) -> bool:
    changed = document["updated_at"]
    return document["status"] == FIRST_STATUS and isinstance(changed, datetime) and changed <= edit.updated_at


def _details_in(document: dict[str, object]) -> Details:
    metadata = document["metadata"]
    assert isinstance(metadata, dict)
    return Details(**metadata)
