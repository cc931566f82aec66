"""The self-test's report, and its first check: are all files as they were installed? Main thread.

It loads little, as whatever else the self-test needs may be what is missing. The report, a JSON line a check, goes to
stdout and to the folder, as a Windows program without a console has no stdout.
"""

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from callup_desktop.installed_files import damage, installation_top, list_of_this_installation, read
from callup_desktop.presentation.installation import NO_LIST, damaged
from callup_desktop.standard_streams import Output

REPORT = "self-test.jsonl"
FILES = "files"


class BrokenError(Exception):
    """Raised by a check that does not hold; the sentence says what is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check said; `detail` is for IT."""

    check: str
    ok: bool
    detail: str
    seconds: float


def reported(folder: Path, findings: Iterable[Finding]) -> bool:
    """Write each finding as it comes; whether all of them hold."""
    whole, out = True, Output(sys.stdout)
    with (folder / REPORT).open("w", encoding="utf-8") as report:
        for finding in findings:
            whole = whole and finding.ok
            line = json.dumps(asdict(finding), ensure_ascii=False) + "\n"
            report.write(line)
            # A check that hangs is found by what comes before it.
            report.flush()
            out.write(line)
            out.flush()
    return whole


def tried(name: str, check: Callable[[], str]) -> Finding:
    """What the check says, or what it dies of."""
    started = time.perf_counter()
    try:
        ok, detail = True, check()
    except BrokenError as exc:
        ok, detail = False, str(exc)
    except Exception:  # noqa: BLE001 - whatever breaks in an incomplete bundle is the finding
        ok, detail = False, traceback.format_exc(limit=-3)
    return Finding(name, ok, detail, round(time.perf_counter() - started, 3))


def files_hold(folder: Path) -> bool:
    """Whether the program is as it was frozen; if not, the report in the folder says what is missing or changed."""
    finding = tried(FILES, check_files)
    return finding.ok or reported(folder, [finding])


def check_files() -> str:
    """Compare a frozen program with the list of its files; raises BrokenError."""
    top = installation_top()
    if top is None:
        return "not frozen, so there is no list of files"
    return compared(top, list_of_this_installation())


def compared(top: Path, listed: Path) -> str:
    """Compare what lies below `top` with a list; raises BrokenError."""
    try:
        files = read(listed.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise BrokenError(NO_LIST) from exc
    found = damage(top, files)
    if found:
        raise BrokenError(damaged(missing=found.missing, changed=found.changed))
    return f"{len(files)} files are as they were installed"
