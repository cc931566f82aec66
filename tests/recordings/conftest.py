"""The corpus, made once by real encoders."""

from pathlib import Path

import pytest

from tests.recordings.corpus import CASES, write
from tests.recordings.studio import Studio
from tests.recordings.summary import ROWS
from tests.recordings.table import Row, judged
from tests.recordings.tools import MissingToolError


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
    request.config.stash[ROWS] = made
    return {row.case.name: row for row in made}


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Real encoders for a test's own file."""
    try:
        return Studio(tmp_path_factory.mktemp("studio"))
    except MissingToolError as exc:
        pytest.fail(str(exc), pytrace=False)
