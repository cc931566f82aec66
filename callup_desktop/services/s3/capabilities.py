"""What a store can do: assumed at its best, found out by its answers, remembered for this run. Any thread."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from threading import Lock
from typing import TypedDict, TypeVar, Unpack, cast

from botocore.exceptions import ClientError

from callup_desktop.engine.ports import Algorithm
from callup_desktop.services.aws import code_of
from callup_desktop.services.s3.errors import UNSUPPORTED, translate

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a store supports: its best checksum, conditional writes, the encryption header, checksums in ListParts.

    `md5_etags`: whether an ETag is the MD5 of the bytes, None until one was seen beside its bytes. `upper_case_etags`:
    how it spells them.
    """

    algorithm: Algorithm = Algorithm.CRC64NVME
    conditional_writes: bool = True
    encryption_header: bool = True
    lists_checksums: bool = True
    md5_etags: bool | None = None
    upper_case_etags: bool = False


class Found(TypedDict, total=False):
    """What an answer showed of the store: some fields of Capabilities."""

    algorithm: Algorithm
    conditional_writes: bool
    encryption_header: bool
    lists_checksums: bool
    md5_etags: bool | None
    upper_case_etags: bool


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

    def with_fallbacks(
        self, attempt: Callable[[Capabilities], R | None], *, conditional: bool = False, encrypts: bool = False
    ) -> R:
        """What `attempt` returns with the best capabilities that the store supports.

        `attempt` raises a ClientError or returns None where the store lacks one. `conditional`, `encrypts`: whether the
        request writes conditionally, and asks for encryption, at all. A capability is given up for good only once the
        request succeeded without it, so that no other trouble counts as a lack. Raises what `attempt` does, and
        CallError where the weakest is refused.
        """
        known = self.known
        *better, weakest = _from(known, conditional=conditional, encrypts=encrypts)
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
        """Give up what the request did without; what its answer showed beside stays."""
        if supported.algorithm != known.algorithm:
            self.learn(algorithm=supported.algorithm)
        if supported.conditional_writes != known.conditional_writes:
            self.learn(conditional_writes=supported.conditional_writes)
        if supported.encryption_header != known.encryption_header:
            self.learn(encryption_header=supported.encryption_header)


def _from(known: Capabilities, *, conditional: bool, encrypts: bool) -> tuple[Capabilities, ...]:
    """The known capabilities, then the weaker ones: most stores lack one thing, few lack two."""
    algorithms = tuple(Algorithm)[tuple(Algorithm).index(known.algorithm) :]
    conditions = (True, False) if conditional and known.conditional_writes else (known.conditional_writes,)
    headers = (True, False) if encrypts and known.encryption_header else (known.encryption_header,)
    choices = product(enumerate(headers), enumerate(algorithms), enumerate(conditions))
    by_lacks = sorted(choices, key=lambda choice: sum(lacks for lacks, _ in choice))
    return tuple(
        replace(known, algorithm=algorithm, conditional_writes=condition, encryption_header=header)
        for (_, header), (_, algorithm), (_, condition) in by_lacks
    )
