"""Which server a queue's URL means, and the region and part of AWS that it is in. Pure functions, any thread."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from botocore.loaders import create_loader

_FIRST_REGION = "us-east-1"
"""The region of `queue.amazonaws.com`, which names none."""
_LEGACY = "queue"
"""The label of addresses that are older than the JSON protocol, which they do not speak."""


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """The server as scheme, host and port, and its region."""

    endpoint: str
    region: str


def address_of(queue_url: str, region: str) -> QueueAddress:
    """The server that the queue's URL names; `region` is that of a server which is not AWS's own."""
    parts = urlsplit(queue_url)
    endpoint = f"{parts.scheme}://{parts.netloc}"
    host = parts.hostname or ""
    suffix = max((known for known in _suffixes() if host.endswith(f".{known}")), key=len, default="")
    if not suffix:
        return QueueAddress(endpoint, region)
    labels = host.removesuffix(f".{suffix}").split(".")
    named = next((label for label in labels if _suffixes()[suffix].match(label)), _FIRST_REGION)
    if labels[-1] == _LEGACY:
        endpoint = f"{parts.scheme}://sqs.{named}.{suffix}"
    return QueueAddress(endpoint, named)


def partition_of(region: str) -> str:
    """The part of AWS that the region belongs to, as the names of its resources say it; "aws" where none has it."""
    return next((part["id"] for part in _partitions() if re.match(part["regionRegex"], region)), "aws")


@cache
def _suffixes() -> Mapping[str, re.Pattern[str]]:
    """The ends of AWS's host names, as botocore knows them, each with what a region looks like there."""
    regions: dict[str, list[str]] = {}
    for partition in _partitions():
        for name in ("dnsSuffix", "dualStackDnsSuffix"):
            if suffix := partition["outputs"].get(name):
                regions.setdefault(suffix, []).append(partition["regionRegex"])
    return {suffix: re.compile("|".join(patterns)) for suffix, patterns in regions.items()}


@cache
def _partitions() -> list[dict[str, Any]]:
    return list(create_loader().load_data("partitions")["partitions"])
