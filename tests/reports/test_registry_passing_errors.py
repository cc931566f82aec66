"""The call list hiccups, and the call has failed for good.

While a replica set elects, moves a chunk, is short of memory or of requests a second, its servers answer with numbers
that pass in a minute. The programs knew a dozen of them and took the rest for a refusal of the document: people had to
press Try again for each. On a server without retryable writes nothing was ever registered, though its admin had said so
in the address.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bson.errors import InvalidDocument
from pymongo import MongoClient, monitoring
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from secantus import SecantusDBServer

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import CallError, Code, JobError, TransientError
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.mongo_errors import translate
from callup_desktop.services.secrets import Secrets
from tests.faults import harms
from tests.faults.laptop import Laptop, network_before
from tests.services.test_registry import admin, document, order_fault, server

__all__ = ["admin", "server"]
Document = dict[str, Any]

PASSING = (
    *(6, 7, 89, 9001),  # the network between servers
    *(91, 189, 10107, 11600, 11602, 13435, 13436),  # a primary on its way out, a secondary on its way in
    *(24, 46, 50, 112, 202, 262, 11601),  # locks, conflicts, time limits, interruptions
    *(133, 211, 70),  # an election or a moving chunk of a sharded cluster
    *(16500, 429, 462),  # too many requests a second
    *(14031, 146, 12501),  # a disk that fills, memory that runs out
    *(1, 2, 8, 64, 79, 100, 999_999),  # what says nothing, and what nobody here has heard of
)


@pytest.fixture
def own_profile(profile: Profile, server: SecantusDBServer) -> Profile:
    return profile.model_copy(update={"mongo_uri": server.uri, "database": f"callup-{uuid.uuid4()}"})


@pytest.fixture
def registry(own_profile: Profile, secrets: Secrets) -> Iterator[MongoRegistry]:
    registry = MongoRegistry(own_profile, secrets, selection_timeout=2)
    yield registry
    registry.reset()


@pytest.fixture
def call_id() -> str:
    return str(uuid.uuid4())


def after_fault(admin: MongoClient[Document], registry: MongoRegistry, call_id: str, **fault: object) -> CallError:
    """What registering says while the server answers so; once it works again, the call is registered."""
    order_fault(admin, times=9, **fault)
    with pytest.raises(CallError) as caught:
        registry.register(document(call_id))
    admin.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    registry.reset()
    registry.register(document(call_id))
    return caught.value


@pytest.mark.parametrize("code", PASSING)
def test_an_error_of_the_moment_is_tried_again(
    code: int, admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    error = after_fault(admin, registry, call_id, errorCode=code)

    assert isinstance(error, TransientError)
    assert error.code in {Code.REGISTRY_BUSY, Code.REGISTRY_UNREACHABLE}
    assert registry.find(call_id)


@pytest.mark.parametrize("label", ["RetryableWriteError", "TransientTransactionError", "SystemOverloadedError"])
def test_what_the_server_labels_as_passing_is_passing_whatever_its_number(
    label: str, admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    error = after_fault(admin, registry, call_id, errorCode=10334, errorLabels=[label])

    assert isinstance(error, TransientError)


@pytest.mark.parametrize("code", [10334, 17419, 52, 57])
def test_what_is_said_of_the_very_document_is_for_it(
    code: int, admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    error = after_fault(admin, registry, call_id, errorCode=code)

    assert isinstance(error, JobError)
    assert error.code is Code.REGISTRY_REFUSED


def test_a_document_that_cannot_be_written_at_all_is_no_bug() -> None:
    assert translate(InvalidDocument("cannot encode object")).code is Code.REGISTRY_REFUSED


@pytest.mark.parametrize("code", [133, 112, 24])
def test_asking_for_a_call_meets_them_too(
    code: int, admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    fault: dict[str, object] = {"failCommands": ["find"], "errorCode": code}
    admin.admin.command({"configureFailPoint": "failCommand", "mode": {"times": 9}, "data": fault})

    with pytest.raises(TransientError):
        registry.find(call_id)


def test_a_call_goes_on_by_itself_after_an_election(
    tmp_path: Path, profile: Profile, secrets: Secrets, short: Path
) -> None:
    with network_before(profile) as network, Laptop(tmp_path, network.profile, secrets) as laptop:
        network.mongo.plan.order("register", harms.mongo_error(133, "FailedToSatisfyReadPreference"), times=3)
        network.mongo.plan.order("register", harms.mongo_write_error(112), times=2)
        call = laptop.send(short)
        laptop.until_sent(call)

    assert network.mongo.plan.spent
    assert laptop.codes(call) == [Code.REGISTRY_BUSY]


# --- servers without retryable writes ---------------------------------------------------------------------------------


class Updates(CommandListener):
    """The updates that were sent since."""

    def __init__(self) -> None:
        self.sent: list[Document] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "update":
            self.sent.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@pytest.fixture
def updates() -> Updates:
    """Heard from clients that are made after it; each test here makes its own."""
    heard = Updates()
    monitoring.register(heard)
    return heard


def test_an_address_that_forbids_retryable_writes_is_heeded(
    updates: Updates, own_profile: Profile, server: SecantusDBServer, secrets: Secrets, call_id: str
) -> None:
    for option, numbered in (("true", True), ("false", False)):
        uri = f"{server.uri}?retryWrites={option}"
        registry = MongoRegistry(own_profile.model_copy(update={"mongo_uri": uri}), secrets)
        registry.register(document(call_id))
        registry.reset()
        assert ("txnNumber" in updates.sent.pop()) is numbered


@pytest.mark.parametrize("code", [20, 301])
def test_a_server_without_retryable_writes_is_found_out_and_asked_without(
    code: int, updates: Updates, admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    order_fault(admin, times=1, errorCode=code)

    with pytest.raises(TransientError):
        registry.register(document(call_id))
    registry.register(document(call_id))

    first, second = updates.sent
    assert "txnNumber" in first
    assert "txnNumber" not in second
    assert registry.find(call_id)
