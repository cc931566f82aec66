"""Checks AWS Signature Version 4 of a request without a query, as AWS does; written from AWS's description of it."""

import hashlib
import hmac
import re
from functools import reduce

from tests.services.front import Arrived

_ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{_ALGORITHM} Credential=(?P<key_id>[^/]+)/(?P<scope>[^,]+), ?"
    r"SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<made>\w+)"
)


def key_id_of(request: Arrived) -> str:
    """The access key that the request names; "" if it is not signed."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    return found["key_id"] if found else ""


def is_signed_with(request: Arrived, secret: str) -> bool:
    """Whether the request carries the signature that this secret makes of it."""
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        return False
    names = found["names"].split(";")
    headers = [f"{name}:{' '.join(request.headers[name].split())}" for name in names]
    canonical = [request.method, request.path, "", *headers, "", found["names"], _sha256(request.body)]
    wanted = [_ALGORITHM, request.headers["x-amz-date"], found["scope"], _sha256("\n".join(canonical).encode())]
    key = reduce(_hmac, found["scope"].split("/"), f"AWS4{secret}".encode())
    return hmac.compare_digest(_hmac(key, "\n".join(wanted)).hex(), found["made"])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
