"""What every test gets: a home of its own, the sandbox's real servers to ask, and a look at what it left behind."""

import itertools
import logging
import os
import sqlite3
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import boto3
import pymongo
import pytest
from hypothesis import HealthCheck, settings
from pymongo.collection import Collection

from callup_desktop.sandbox.embedded import Running, Sandbox

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

    from callup_desktop.presentation.messages import Messages
    from callup_desktop.ui.application import Application

# Before Qt is first imported; a test under Xvfb names its own platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A slow machine is no fault of the program.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = ("tests.recordings.summary",)
_SECONDS_TO_END = 5.0
_HERE = Path(__file__).parent
_LONGEST_FIRST = (
    "gateway",
    "faults",
    "reports",
    "ui",
    "security",
    "cli",
    "services",
    "sandbox",
    "sign_in",
    "installers",
)
"""Packages whose files take longest, before all others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Short files come last, so that no worker of a run waits long for another's last one."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    package = item.path.relative_to(_HERE).parts[0]
    return _LONGEST_FIRST.index(package) if package in _LONGEST_FIRST else len(_LONGEST_FIRST)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for this test only, so that none touches the developer's own journal."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CALLUP_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_left_behind(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test that leaves a thread which would hold the exit, or that a library had to warn."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _SECONDS_TO_END
    new = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in new:
        thread.join(max(0.0, deadline - time.monotonic()))
    assert not [thread.name for thread in new if thread.is_alive()], "threads that would hold the exit"
    warned = [record.getMessage() for record in caplog.get_records("call") if _is_foreign_warning(record)]
    assert not warned, "warnings that libraries logged"


def _is_foreign_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING and not record.name.startswith("callup")


class _Connection(sqlite3.Connection):
    """One that is known from when it is opened until it is closed; one that is only forgotten stays known."""

    opened_by: ClassVar[dict[int, str]] = {}
    _numbers = itertools.count()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._number = next(self._numbers)
        self.opened_by[self._number] = "".join(traceback.format_stack(limit=8))

    def close(self) -> None:
        super().close()
        self.opened_by.pop(self._number, None)


@pytest.fixture(scope="session", autouse=True)
def databases_are_closed() -> Iterator[None]:
    """Fails a run that left a SQLite file open; Python itself warns of that from 3.13 on, whenever it notices."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Connection))
        yield
    assert not _Connection.opened_by, "never closed:\n" + "\n".join(sorted(set(_Connection.opened_by.values())))


@pytest.fixture(scope="session")
def qapp() -> "Application":
    """The one application of the run, whichever test asks first: a process can make only one."""
    from PySide6.QtCore import QLocale

    from callup_desktop.ui.application import Application

    return Application([], QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))


@pytest.fixture
def german(qapp: "Application") -> Iterator["Messages"]:
    """The window's sentences where the system speaks German, from the compiled translation that is shipped."""
    from PySide6.QtCore import QLocale, QTranslator

    from callup_desktop.presentation.messages import Messages
    from callup_desktop.ui.qt_language import QtLanguage
    from tools import translations

    locale = QLocale(QLocale.Language.German, QLocale.Country.Germany)
    translator = QTranslator()
    assert translator.load(locale, "callup", "_", str(translations.FOLDER))
    qapp.installTranslator(translator)
    yield Messages(QtLanguage(locale))
    qapp.removeTranslator(translator)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One sandbox for the whole run; its bucket, registry and queue hold what other tests left there too."""
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="session")
def s3(sandbox: Running) -> Iterator["S3Client"]:
    """A plain client, to read back what the program stored."""
    with closing(_session(sandbox).client("s3", endpoint_url=sandbox.s3_endpoint)) as client:
        yield client


@pytest.fixture(scope="session")
def sqs(sandbox: Running) -> Iterator["SQSClient"]:
    """A plain client, to read back what the program announced."""
    with closing(_session(sandbox).client("sqs", endpoint_url=sandbox.sqs_endpoint)) as client:
        yield client


@pytest.fixture(scope="session")
def calls(sandbox: Running) -> Iterator[Collection[dict[str, Any]]]:
    """The registry's collection, to read back what the program registered."""
    with pymongo.MongoClient[dict[str, Any]](sandbox.mongo_uri, tz_aware=True) as client:
        yield client[sandbox.database]["calls"]


def _session(sandbox: Running) -> boto3.Session:
    return boto3.Session(sandbox.access_key_id, sandbox.secret_access_key, region_name="us-east-1")
