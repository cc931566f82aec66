"""What the servers of different makers do, as people reported it; each quirk is put on a laptop's network for a while.

A habit changes every reply, a storm refuses many requests in a row. `tests/reports` has each of them alone.
"""

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

from tests.faults import harms
from tests.faults.laptop import Network
from tests.faults.proxy import Arrived, Harm, plainly
from tests.services.front import Reply

_STORAGE = ("create", "part", "put", "list", "complete", "head", "abort", "list uploads", "delete")
_ETAG = re.compile(rb"(<ETag>(?:&quot;|&#34;|\")?)([^<&\"]+)((?:&quot;|&#34;|\")?</ETag>)")
_PASSING = (91, 112, 133, 189, 202, 262, 10107, 11600, 16500)
_LABELS = ("RetryableWriteError", "TransientTransactionError")

Quirk = Callable[[Network, random.Random], None]


def _etags(change: Callable[[str], str]) -> Quirk:
    """Those of whole objects: what is told of a part has to be told back, and the real server knows its own only."""

    def habit(arrived: Arrived, reply: Reply) -> Reply:
        if arrived.operation not in {"put", "complete", "head"}:
            return reply
        headers = {name: change(value) if name.lower() == "etag" else value for name, value in reply.headers.items()}
        body = _ETAG.sub(lambda found: found[1] + change(found[2].decode()).encode() + found[3], reply.body)
        return replace(reply, headers=headers, body=body)

    def quirk(network: Network, _chance: random.Random) -> None:
        network.s3.habit = habit

    return quirk


def _opaque(etag: str) -> str:
    """A number of its own, as a store tells it that encrypts."""
    told = etag.strip('"')
    number = f"{hashlib.sha256(told.encode()).hexdigest()[:20]}-enc"
    return f'"{number}"' if etag.startswith('"') else number


def _other_clock(network: Network, chance: random.Random) -> None:
    """The laptop's clock is minutes off, as the servers see it."""
    minutes = chance.choice((-10, -7, 7, 10))

    def habit(_arrived: Arrived, reply: Reply) -> Reply:
        told = reply.headers.items()
        headers = {name: _moved(value, minutes) if name.lower() == "date" else value for name, value in told}
        return replace(reply, headers=headers)

    network.s3.habit = network.sqs.habit = habit


def _storm(make: Callable[[random.Random], Harm], operations: tuple[str, ...], most: int) -> Quirk:
    def quirk(network: Network, chance: random.Random) -> None:
        for operation in operations:
            network.of(operation).plan.order(operation, make(chance), times=chance.randint(1, most))

    return quirk


def _registry_error(chance: random.Random) -> Harm:
    labels = chance.sample(_LABELS, chance.randint(0, len(_LABELS)))
    return harms.mongo_error(chance.choice(_PASSING), "Passing", errorLabels=labels)


def _moved(date: str, minutes: int) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(minutes=minutes), usegmt=True)


QUIRKS: Mapping[str, Quirk] = {
    "upper-case ETags": _etags(str.upper),
    "opaque ETags": _etags(_opaque),
    "a wrong clock": _other_clock,
    "503 storm": _storm(lambda _: harms.s3_refusal(503, "SlowDown"), _STORAGE, 8),
    "passing 403": _storm(lambda _: harms.s3_refusal(403, "AccessDenied"), _STORAGE, 2),
    "silence": _storm(lambda _: harms.silence, ("part", "put", "complete", "register", "announce"), 1),
    "registry errors with labels": _storm(_registry_error, ("register",), 4),
}


def forget(network: Network) -> None:
    """The servers write their replies as they are again."""
    network.s3.habit = network.sqs.habit = plainly
