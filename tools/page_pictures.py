"""Makes pictures of the operator's page in a real browser: light and dark, on a screen of 1366x768 and on a phone.

    python -m tools.page_pictures [--into FOLDER]

Without a folder it replaces those in resources/screenshots. It needs what Debian calls `chromium`.
"""

import argparse
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callup_desktop.calls.reconciliation import DayReport, Difference, FallenCall, Stage
from callup_desktop.gateway.day_reports import TenantDay
from callup_desktop.gateway.operator_page import OperatorPage
from tests.chromium import Page, chromium

_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "screenshots"
_MORNING = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class _Picture:
    name: str
    width: int
    height: int
    scheme: str


_PICTURES = (
    _Picture("8-reconcile-light-1366x768", 1366, 768, "light"),
    _Picture("8-reconcile-dark-1366x768", 1366, 768, "dark"),
    _Picture("8-reconcile-light-phone", 390, 844, "light"),
)


def main() -> None:
    """Make them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=_FOLDER)
    into: Path = parser.parse_args().into
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = Path(folder) / "page.html"
        page.write_bytes(OperatorPage().report(_sample(), _MORNING.date() + timedelta(days=1)))
        for picture in _PICTURES:
            _take(browser, page, picture, into)


def _take(browser: Page, page: Path, picture: _Picture, into: Path) -> None:
    browser.be(picture.width, picture.height, picture.scheme)
    browser.open(page.as_uri())
    (into / f"{picture.name}.png").write_bytes(b64decode(browser.picture()))


def _sample() -> TenantDay:
    """A day as it might be."""
    fallen = (
        _fallen(Difference.NOT_REGISTERED, 1, None, stored_size=18_874_368),
        _fallen(Difference.SIZE_DIFFERS, 2, "dialer-2", stored_size=12_457_600, registered_size=12_582_912),
        _fallen(Difference.NOT_TAKEN_UP, 3, "mary@acme.com", status="uploaded"),
        _fallen(Difference.FAILED, 4, "dialer-1", status="transcription_failed"),
        _fallen(Difference.FAILED, 5, "john@acme.com", status="analysis_failed"),
    )
    stages = dict(zip(Stage, (1482, 1480, 1479, 1477, 1461), strict=True))
    kinds = [call.difference for call in fallen]
    report = DayReport(
        day=_MORNING.date(),
        asked_at=_MORNING + timedelta(hours=14),
        answered_at=_MORNING + timedelta(hours=14, seconds=2),
        stages=stages,
        under_way=16,
        differences={kind: kinds.count(kind) for kind in Difference if kind in kinds},
    )
    return TenantDay(report=report, fallen=fallen)


def _fallen(
    difference: Difference,
    number: int,
    sent_by: str | None,
    *,
    stored_size: int | None = None,
    registered_size: int | None = None,
    status: str | None = None,
) -> FallenCall:
    call_id = f"{number:08x}-e29b-41d4-a716-4466554400{number:02}"
    return FallenCall(
        day=_MORNING.date(),
        difference=difference,
        call_id=call_id,
        s3_key=f"2026/11/26/{call_id}.mp3",
        since=_MORNING + timedelta(minutes=47 * number),
        stored_size=stored_size,
        registered_size=registered_size,
        status=status,
        sent_by=sent_by,
    )


if __name__ == "__main__":
    main()
