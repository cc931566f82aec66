"""One stretch of work on a job, from its start to the end of its last call; engine thread."""

from dataclasses import dataclass, field

from callup_desktop.engine.body import PartBody
from callup_desktop.engine.cancel_token import CancelToken
from callup_desktop.engine.job import Step
from callup_desktop.engine.meter import Meter
from callup_desktop.engine.needed_service import Service
from callup_desktop.files.source import Source


@dataclass(slots=True, eq=False)
class Run:
    """What is under way for a job: in which service's line, how many calls, which bytes, the open file, the failure.

    `over` once nothing is heard any more of what its calls bring. `unsettled` where an earlier try of the step under
    way ended without telling whether it worked. `bodies` are by part number; a pool thread reads each, the engine
    thread looks at their positions.
    """

    job_id: str
    service: Service
    token: CancelToken = field(default_factory=CancelToken)
    calls: int = 0
    checked: bool = False
    source: Source | None = None
    step: Step | None = None
    bodies: dict[int, PartBody] = field(default_factory=dict)
    failure: tuple[Step, BaseException] | None = None
    meter: Meter = field(default_factory=Meter)
    cut: set[int] = field(default_factory=set)
    """Parts that were sent again at once because their connection was lost."""
    over: bool = False
    unsettled: bool = False

    @property
    def open_source(self) -> Source:
        """The open file; a run that sends has one."""
        if self.source is None:
            raise ValueError(f"job {self.job_id} has no open file")
        return self.source

    @property
    def in_flight(self) -> int:
        """Bytes handed to sockets and not yet acknowledged."""
        return sum(body.position for body in self.bodies.values())

    def sends_again(self, part: int, body: PartBody) -> bool:
        """Whether a part whose connection was lost may be sent again at once, which is once.

        One that had left whole may be stored: the store is asked for it first.
        """
        if part in self.cut or body.position >= len(body):
            return False
        self.cut.add(part)
        return True

    def close(self) -> None:
        """Give the file back."""
        if self.source is not None:
            self.source.close()
            self.source = None
