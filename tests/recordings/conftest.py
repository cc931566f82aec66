"""The corpus, made once by real encoders, and its table at the end of the run."""

from pathlib import Path

import pytest

from tests.recordings.corpus import CASES, write
from tests.recordings.studio import Studio
from tests.recordings.table import Row, judged, lines
from tests.recordings.tools import MissingToolError

_ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every case's file."""
    try:
        return write(CASES, tmp_path_factory.mktemp("corpus"))
    except MissingToolError as exc:
        pytest.fail(str(exc), pytrace=False)


@pytest.fixture(scope="session")
def rows(corpus: dict[str, Path], request: pytest.FixtureRequest) -> dict[str, Row]:
    """Every case with its verdict and ffprobe's opinion."""
    made = judged(corpus)
    request.config.stash[_ROWS] = made
    return {row.case.name: row for row in made}


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Real encoders for a test's own file."""
    try:
        return Studio(tmp_path_factory.mktemp("studio"))
    except MissingToolError as exc:
        pytest.fail(str(exc), pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table: case, verdict, duration, ffprobe's duration."""
    rows = config.stash.get(_ROWS, None)
    if rows is None:
        return
    terminalreporter.section("recordings: our verdict beside ffprobe")
    for line in lines(rows):
        terminalreporter.write_line(line)
