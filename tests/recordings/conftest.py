"""The corpus, made once by real encoders, for all workers of a run."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from tests.recordings.corpus import CASES, aged, write
from tests.recordings.studio import Studio
from tests.recordings.summary import ROWS
from tests.recordings.table import Row, judged
from tests.recordings.tools import MissingToolError


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Path]:
    """Every case's file, each as old as its case says from now on."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "corpus"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            unfinished = shared.with_name("unfinished")
            try:
                write(CASES, unfinished)
            except MissingToolError as exc:
                pytest.fail(str(exc), pytrace=False)
            unfinished.rename(shared)
    return aged(CASES, Path(shutil.copytree(shared, own / "aged")))


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
