"""Whether a certificate is refused because this computer's clock is wrong. Any thread; blocks.

The time is asked of a server of which nobody knows who it is, so what it says is only told on, never acted on.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.services import tls
from callup_desktop.services.network import Route

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How wrong a clock may be before it is corrected or told of; AWS refuses signatures from 15 minutes on."""


def server_time(route: Route, *, encrypted: bool = True) -> datetime | None:
    """The time that whoever answers on this way tells; None where nobody tells one."""
    try:
        sock = tls.unverified(route.connect(), route.host) if encrypted else route.connect()
        with sock:
            sock.sendall(f"GET / HTTP/1.1\r\nHost: {route.host}\r\nConnection: close\r\n\r\n".encode("ascii"))
            answer = HTTPResponse(sock)
            answer.begin()
            return moment_of(answer.headers.get("Date", ""))
    except (OSError, HTTPException):
        return None


def moment_of(date: str) -> datetime | None:
    """The moment of a Date header; None where it is none."""
    try:
        moment = parsedate_to_datetime(date)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def clock_error(told: datetime | None) -> TransientError | None:
    """CLOCK_WRONG where this computer's clock is far from the time that was told; None where it is not."""
    offset = told - datetime.now(UTC) if told is not None else timedelta(0)
    if abs(offset) <= CLOCK_TOLERANCE:
        return None
    seconds = int(offset.total_seconds())
    return TransientError(Code.CLOCK_WRONG, f"the server is {seconds} s ahead", params={"seconds_ahead": seconds})


def blamed_clock(route: Route, told: datetime | None) -> TransientError | None:
    """CLOCK_WRONG where the certificate on this way is valid by the time that was told, and not by this computer's.

    None where the certificate itself is to blame, or nobody knows.
    """
    try:
        since, until = tls.validity_of(tls.certificate_of(route))
    except (ValueError, IndexError):
        return None
    if told is None or not since <= told <= until or since <= datetime.now(UTC) <= until:
        return None
    return clock_error(told)
