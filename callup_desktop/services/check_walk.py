"""Walks the steps of a check, each on a thread of its own that nobody waits for too long. Any thread."""

import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread

from callup_desktop.engine.errors import CallError, Code
from callup_desktop.engine.ports import CheckResult, CheckStep

CHECK_TIMEOUT = 10.0
"""Seconds that a server may be silent in a check; a person waits for it."""
STEP_DEADLINE = 45.0
"""Seconds that a whole step may take; a keyring may ask the rep for a password meanwhile."""
_UNENDED: Mapping[CheckStep, Code] = {
    CheckStep.KEYRING: Code.KEYRING_LOCKED,
    CheckStep.SIGN_IN: Code.KEYRING_LOCKED,
    CheckStep.REGISTRY: Code.REGISTRY_UNREACHABLE,
    CheckStep.QUEUE: Code.QUEUE_UNREACHABLE,
}
"""What a step that does not end is told as; CONNECTION where it is not named."""


def walk(
    checks: Mapping[CheckStep, Callable[[], str]], *, first: CheckStep, without_keys: Set[CheckStep], deadline: float
) -> Iterator[CheckResult]:
    """One result a step, as each is done; later steps are tried even where earlier ones fail. Raises nothing.

    `deadline` is seconds that a step may take. Where the `first` one, which gets the keys, does not end in time, those
    are not asked for again by the others but the ones `without_keys`.
    """
    keys: CheckResult | None = None
    for step, check in checks.items():
        if keys is not None and step not in without_keys:
            yield replace(keys, step=step, seconds=0.0)
            continue
        result = _within(deadline, step, check)
        if result is None:
            code = _UNENDED.get(step, Code.CONNECTION)
            result = CheckResult(step, ok=False, code=code, detail=f"no end within {deadline:g} s", seconds=deadline)
            keys = result if step is first else None
        yield result


def _within(deadline: float, step: CheckStep, check: Callable[[], str]) -> CheckResult | None:
    """What the step said; None where it did not end, and goes on by itself."""
    results: SimpleQueue[CheckResult] = SimpleQueue()
    Thread(target=lambda: results.put(_run(step, check)), name=f"check {step}", daemon=True).start()
    try:
        return results.get(timeout=deadline)
    except Empty:
        return None


def _run(step: CheckStep, check: Callable[[], str]) -> CheckResult:
    started = time.perf_counter()
    try:
        detail = check()
    except CallError as exc:
        seconds = time.perf_counter() - started
        return CheckResult(step, ok=False, code=exc.code, params=exc.params, detail=exc.detail, seconds=seconds)
    except Exception as exc:  # noqa: BLE001 - a bug in one step is told as one, and the others are tried
        seconds = time.perf_counter() - started
        return CheckResult(step, ok=False, code=Code.BUG, detail=type(exc).__name__, seconds=seconds)
    return CheckResult(step, ok=True, detail=detail, seconds=time.perf_counter() - started)
