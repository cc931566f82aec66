"""The corpus's table at the end of the run, whichever of pytest's processes judged it."""

from typing import Any

import pytest

from tests.recordings.table import Row, lines

ROWS = pytest.StashKey[list[Row]]()
"""Where the corpus's rows are left once they are judged."""
_WRITTEN = pytest.StashKey[list[str]]()
_SENT = "recordings"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist sends the table to the process that prints."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    rows = session.config.stash.get(ROWS, None)
    if output is not None and rows is not None:
        output[_SENT] = list(lines(rows))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take it."""
    output = getattr(node, "workeroutput", {})
    if _SENT in output:
        node.config.stash[_WRITTEN] = output[_SENT]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Case, verdict, duration, ffprobe's duration."""
    rows = config.stash.get(ROWS, None)
    written = list(lines(rows)) if rows is not None else config.stash.get(_WRITTEN, None)
    if written is None:
        return
    terminalreporter.section("recordings: our verdict beside ffprobe")
    for line in written:
        terminalreporter.write_line(line)
