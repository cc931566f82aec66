"""What a store can do: assumed at its best, found out by its answers, remembered for this run. Any thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypedDict, TypeVar, Unpack, cast

from botocore.exceptions import ClientError

from callup_desktop.engine.ports import Algorithm
from callup_desktop.services.aws import code_of
from callup_desktop.services.s3.errors import UNSUPPORTED, translate

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store supports: its best checksum, conditional writes, and checksums in ListParts."""

    algorithm: Algorithm = Algorithm.CRC64NVME
    conditional_writes: bool = True
    lists_checksums: bool = True


class Found(TypedDict, total=False):
    """What an answer showed of the store: some fields of Capabilities."""

    algorithm: Algorithm
    conditional_writes: bool
    lists_checksums: bool


FALLBACKS = tuple((algorithm, conditional) for algorithm in Algorithm for conditional in (True, False))
"""Algorithm and conditional writes, best first: what is tried next where a store refuses one."""


class StoreCapabilities:
    """The capabilities of one store, as found out so far."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known = Capabilities()

    @property
    def known(self) -> Capabilities:
        """What was found out so far; the best of all where nothing was."""
        with self._lock:
            return self._known

    def learn(self, **found: Unpack[Found]) -> None:
        """Replace these fields of `known`."""
        with self._lock:
            self._known = replace(self._known, **found)

    def with_fallbacks(self, attempt: Callable[[Capabilities], R | None], *, conditional: bool) -> R:
        """What `attempt` returns with the best capabilities that the store supports.

        `attempt` raises a ClientError or returns None where the store lacks one. `conditional`: whether the request
        writes conditionally at all. A capability is given up for good only once the request succeeded without it, so
        that no other trouble counts as a lack. Raises what `attempt` does, and CallError where the weakest is refused.
        """
        known = self.known
        *better, weakest = _from(known, conditional=conditional)
        for candidate in better:
            try:
                result = attempt(candidate)
            except ClientError as exc:
                if code_of(exc) not in UNSUPPORTED:
                    raise
            else:
                if result is not None:
                    self._settle_for(candidate, known)
                    return result
        return self._with_weakest(attempt, weakest, known)

    def _with_weakest(
        self, attempt: Callable[[Capabilities], R | None], weakest: Capabilities, known: Capabilities
    ) -> R:
        try:
            result = attempt(weakest)
        except ClientError as exc:
            if code_of(exc) in UNSUPPORTED:
                raise translate(exc) from exc
            raise
        self._settle_for(weakest, known)
        return cast(R, result)

    def _settle_for(self, supported: Capabilities, known: Capabilities) -> None:
        if supported != known:
            self.learn(algorithm=supported.algorithm, conditional_writes=supported.conditional_writes)


def _from(known: Capabilities, *, conditional: bool) -> tuple[Capabilities, ...]:
    """The known capabilities, then all that are weaker."""
    start = FALLBACKS.index((known.algorithm, known.conditional_writes))
    return tuple(
        replace(known, algorithm=algorithm, conditional_writes=conditional_writes)
        for algorithm, conditional_writes in FALLBACKS[start:]
        if conditional or conditional_writes == known.conditional_writes
    )
