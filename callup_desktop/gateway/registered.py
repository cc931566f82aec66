"""What a sender may still ask of a call that is registered: other details, and its message. Event loop."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from callup_desktop.calls.documents import CallEdit, CallMetadata, whole_milliseconds
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.admission import Admission
from callup_desktop.gateway.callers import Caller
from callup_desktop.gateway.direct_answers import complete_details, services_as_problems
from callup_desktop.gateway.pipeline import Pipeline
from callup_desktop.gateway.problems import problem
from callup_desktop.gateway.telemetry import Telemetry
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.direct_shapes import Announced, Described, Edit, Metadata

_SAME_MESSAGE = timedelta(minutes=1)
"""A message that is asked for again this soon is the same one."""


@dataclass(frozen=True, slots=True)
class RegisteredCalls:
    """The use cases. Every method raises ProblemError; another caller's call is one that does not exist.

    `announce_due` is called once a message waits in the outbox.
    """

    pipeline: Pipeline
    admission: Admission
    call_types: tuple[str, ...]
    messages: Messages
    telemetry: Telemetry
    announce_due: Callable[[], None]
    now: Callable[[], datetime]

    async def edit(self, who: Caller, call_id: str, wanted: Edit) -> Described:
        """The details that the call has now: those that are wanted, unless the pipeline has begun with it."""
        details = complete_details(wanted.metadata, self.call_types, self.messages)
        metadata, moment = CallMetadata(**asdict(details)), whole_milliseconds(wanted.edited_at)
        tried, registry, steps = self.pipeline.tried, self.pipeline.registry, self.pipeline.steps
        with self.admission.admitted(who.tenant, who.name, 0), services_as_problems(self.telemetry, call_id):
            found = await tried(registry, steps.uploads.find, call_id, who.tenant, who.name)
            if found is None:
                raise problem(Code.NO_SUCH_CALL)
            # Sender and gateway have clocks of their own, which may be minutes apart.
            edit = CallEdit(call_id=call_id, metadata=metadata, updated_at=moment, registered_with=found.uploaded_at)
            held = await tried(registry, steps.edit, edit)
        if held is None:
            raise problem(Code.NO_SUCH_CALL)
        self.telemetry.log.info("call edited", call_id=call_id, caller=who.name, changed=held == details)
        return Described(call_id=call_id, metadata=Metadata(**asdict(held)))

    async def announce(self, who: Caller, call_id: str) -> Announced:
        """The last message of the call; one that is older than a minute is followed by another."""
        now, uploads = self.now(), self.pipeline.steps.uploads
        asked = (call_id, who.tenant, who.name, now - _SAME_MESSAGE, now)
        with self.admission.admitted(who.tenant, who.name, 0), services_as_problems(self.telemetry, call_id):
            try:
                message_id = await self.pipeline.tried(self.pipeline.registry, uploads.announce_again, *asked)
            except KeyError as exc:
                raise problem(Code.NO_SUCH_CALL) from exc
        self.announce_due()
        return Announced(call_id=call_id, message_id=message_id)
