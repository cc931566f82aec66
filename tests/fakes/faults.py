"""Faults on order: what goes wrong before a call acts, or after it acted and the reply is lost. Any thread."""

from collections.abc import Callable
from enum import StrEnum
from threading import Lock
from typing import NamedTuple, TypeVar

Error = TypeVar("Error", bound=BaseException)


class Moment(StrEnum):
    """BEFORE: nothing happened outside. AFTER: it happened, but the caller never hears of it."""

    BEFORE = "before"
    AFTER = "after"


class Call(NamedTuple):
    """One call as it arrived: its operation, the object key or call_id, the part number (0: none)."""

    op: str
    key: str
    number: int = 0


Faults = Callable[[Call, Moment], None]
"""Asked before and after the effect of each call; raises to make it fail, or waits to hold it up."""


def no_faults(_call: Call, _moment: Moment) -> None:
    """Nothing ever goes wrong."""


def anew(error: Error) -> Error:
    """The error as if it was never raised: one that is raised again and again would keep the frames of each time."""
    return error.with_traceback(None)


class Script:
    """Faults in the order they were asked for: each raises once, then the operation works again."""

    def __init__(self) -> None:
        """Start without any fault."""
        self._lock = Lock()
        self._planned: dict[tuple[str, Moment], list[BaseException]] = {}

    def fail(self, op: str, moment: Moment, *errors: BaseException) -> None:
        """Raise each of the errors once, at the next calls of `op` at that moment."""
        with self._lock:
            self._planned.setdefault((op, moment), []).extend(errors)

    @property
    def spent(self) -> bool:
        """Whether all faults were met."""
        with self._lock:
            return not any(self._planned.values())

    def __call__(self, call: Call, moment: Moment) -> None:
        """Raise the next fault planned for this operation at this moment."""
        with self._lock:
            planned = self._planned.get((call.op, moment))
            error = planned.pop(0) if planned else None
        if error is not None:
            raise anew(error)
