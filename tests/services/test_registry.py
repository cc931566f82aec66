"""The registry's contract, over the fake and over a real MongoDB server, and what goes wrong with the latter."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from pymongo import MongoClient, monitoring
from pymongo.collection import Collection
from pymongo.monitoring import ConnectionCheckOutStartedEvent, ConnectionPoolListener
from secantus import SecantusDBServer

from callup_desktop.calls.documents import Audio, CallDocument, CallEdit, CallMetadata
from callup_desktop.calls.metadata import Details
from callup_desktop.choice import MONGO_PASSWORD_VARIABLE
from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code, JobError, TransientError
from callup_desktop.engine.ports import Registry
from callup_desktop.recordings.formats import Format
from callup_desktop.sandbox.ports import choose_ports
from callup_desktop.services.mongo import MongoRegistry
from callup_desktop.services.secrets import Secrets, open_secrets
from tests.fakes.registry import FakeRegistry

MOMENT = datetime(2025, 11, 4, 10, 30, 0, 123000, tzinfo=UTC)
Document = dict[str, Any]
Look = Callable[[str], Document | None]


class Ready(Protocol):
    """A call that can be registered under this id."""

    def __call__(self, call_id: str, *, uploaded_by: str | None = ...) -> CallDocument: ...


def document(call_id: str, *, uploaded_by: str | None = "rep@company.com") -> CallDocument:
    return CallDocument(
        call_id=call_id,
        uploaded_at=MOMENT,
        uploaded_by=uploaded_by,
        audio=Audio(
            s3_bucket="audio-pipeline-dev-audio",
            s3_key=f"2025/11/04/{call_id}.mp3",
            format=Format.MP3,
            file_size_bytes=12457600,
        ),
        metadata=CallMetadata(company_name="Acme Corp", contact_email="john@acme.com", call_type="demo"),
        created_at=MOMENT,
        updated_at=MOMENT,
    )


def edit(call: CallDocument, company: str, *, seconds: int) -> CallEdit:
    """New details, given so many seconds after the call was stored."""
    details = CallMetadata(company_name=company, contact_email="mary@globex.com", call_type="sales")
    return CallEdit(call_id=call.call_id, metadata=details, updated_at=call.uploaded_at + timedelta(seconds=seconds))


@pytest.fixture
def call_id() -> str:
    return str(uuid.uuid4())


class RegistryContract:
    """Subclasses bring the fixtures `registry`, `look` (a document as others see it) and `move_on`.

    `ready` is a call that can be registered.
    """

    @pytest.fixture
    def ready(self) -> Ready:
        return document

    def test_a_call_is_one_document_of_the_contract(
        self, registry: Registry, ready: Ready, look: Look, call_id: str
    ) -> None:
        call = ready(call_id)
        registry.register(call)

        assert look(call_id) == {
            "_id": call_id,
            "call_id": call_id,
            "uploaded_at": call.uploaded_at,
            "uploaded_by": "rep@company.com",
            "status": "uploaded",
            "audio": {
                "s3_bucket": call.audio.s3_bucket,
                "s3_key": call.audio.s3_key,
                "format": call.audio.format,
                "file_size_bytes": call.audio.file_size_bytes,
                "duration_seconds": None,
            },
            "metadata": {"company_name": "Acme Corp", "contact_email": "john@acme.com", "call_type": "demo"},
            "created_at": call.uploaded_at,
            "updated_at": call.uploaded_at,
        }

    def test_a_rep_without_a_name_is_left_out(self, registry: Registry, ready: Ready, look: Look, call_id: str) -> None:
        registry.register(ready(call_id, uploaded_by=None))

        assert "uploaded_by" not in (look(call_id) or {})

    def test_registering_again_does_not_overwrite_a_call_that_moved_on(
        self, registry: Registry, ready: Ready, look: Look, move_on: Callable[[str], None], call_id: str
    ) -> None:
        call = ready(call_id)
        registry.register(call)
        move_on(call_id)

        registry.register(call)

        assert (look(call_id) or {})["status"] == "transcribed"
        assert registry.statuses((call_id,)) == {call_id: "transcribed"}

    def test_an_edit_changes_the_details_and_the_time_of_the_change_alone(
        self, registry: Registry, ready: Ready, look: Look, call_id: str
    ) -> None:
        call = ready(call_id)
        registry.register(call)
        before = look(call_id) or {}

        held = registry.edit(edit(call, "Globex", seconds=1))

        wanted = {"company_name": "Globex", "contact_email": "mary@globex.com", "call_type": "sales"}
        assert held == Details(**wanted)
        assert look(call_id) == {**before, "metadata": wanted, "updated_at": call.uploaded_at + timedelta(seconds=1)}

    def test_an_edit_may_be_made_twice(self, registry: Registry, ready: Ready, look: Look, call_id: str) -> None:
        call = ready(call_id)
        registry.register(call)
        registry.edit(edit(call, "Globex", seconds=1))
        once = look(call_id)

        assert registry.edit(edit(call, "Globex", seconds=1)) == Details("Globex", "mary@globex.com", "sales")
        assert look(call_id) == once

    def test_an_edit_of_a_call_that_moved_on_changes_nothing_and_tells_what_it_has(
        self, registry: Registry, ready: Ready, look: Look, move_on: Callable[[str], None], call_id: str
    ) -> None:
        call = ready(call_id)
        registry.register(call)
        move_on(call_id)
        before = look(call_id)

        assert registry.edit(edit(call, "Globex", seconds=1)) == Details("Acme Corp", "john@acme.com", "demo")
        assert look(call_id) == before

    def test_an_older_edit_that_lands_late_does_not_undo_a_newer_one(
        self, registry: Registry, ready: Ready, look: Look, call_id: str
    ) -> None:
        call = ready(call_id)
        registry.register(call)
        registry.edit(edit(call, "Initech", seconds=2))
        before = look(call_id)

        assert registry.edit(edit(call, "Globex", seconds=1)) == Details("Initech", "mary@globex.com", "sales")
        assert look(call_id) == before

    def test_an_edit_of_a_call_that_is_not_there_makes_none(self, registry: Registry, look: Look, call_id: str) -> None:
        assert registry.edit(edit(document(call_id), "Globex", seconds=1)) is None
        assert look(call_id) is None

    def test_a_call_is_found_once_it_is_registered(self, registry: Registry, ready: Ready, call_id: str) -> None:
        call = ready(call_id)
        assert not registry.find(call_id)

        registry.register(call)

        assert registry.find(call_id)

    def test_statuses_tell_of_known_calls_alone(self, registry: Registry, ready: Ready, call_id: str) -> None:
        registry.register(ready(call_id))

        assert registry.statuses((call_id, str(uuid.uuid4()))) == {call_id: "uploaded"}

    def test_the_registry_goes_on_after_a_reset(self, registry: Registry, ready: Ready, call_id: str) -> None:
        registry.register(ready(call_id))
        registry.reset()

        assert registry.find(call_id)

    def test_the_registry_goes_on_after_its_credentials_were_renewed(
        self, registry: Registry, ready: Ready, call_id: str
    ) -> None:
        registry.renew_credentials()
        registry.register(ready(call_id))
        registry.renew_credentials()

        assert registry.find(call_id)


class TestFakeRegistry(RegistryContract):
    @pytest.fixture
    def registry(self) -> FakeRegistry:
        return FakeRegistry()

    @pytest.fixture
    def look(self, registry: FakeRegistry) -> Look:
        return registry.documents.get

    @pytest.fixture
    def move_on(self, registry: FakeRegistry) -> Callable[[str], None]:
        return lambda call_id: registry.documents[call_id].update(status="transcribed")


class TestMongoRegistry(RegistryContract):
    @pytest.fixture
    def registry(self, profile: Profile, secrets: Secrets) -> Iterator[MongoRegistry]:
        registry = MongoRegistry(profile, secrets)
        yield registry
        registry.reset()

    @pytest.fixture
    def look(self, calls: Collection[Document]) -> Look:
        return lambda call_id: calls.find_one({"_id": call_id})

    @pytest.fixture
    def move_on(self, calls: Collection[Document]) -> Callable[[str], None]:
        def move(call_id: str) -> None:
            calls.update_one({"_id": call_id}, {"$set": {"status": "transcribed"}})

        return move


@pytest.fixture(scope="module")
def server() -> Iterator[SecantusDBServer]:
    """A MongoDB server of one's own, on which faults can be ordered."""
    server = SecantusDBServer(storage_path=":memory:", cache_size="64M")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def admin(server: SecantusDBServer) -> Iterator[MongoClient[Document]]:
    with MongoClient[Document](server.uri, tz_aware=True) as client:
        yield client
        client.admin.command({"configureFailPoint": "failCommand", "mode": "off"})


@pytest.fixture
def own_profile(profile: Profile, server: SecantusDBServer) -> Profile:
    return profile.model_copy(update={"mongo_uri": server.uri, "database": f"callup-{uuid.uuid4()}"})


@pytest.fixture
def registry(own_profile: Profile, secrets: Secrets) -> Iterator[MongoRegistry]:
    registry = MongoRegistry(own_profile, secrets, selection_timeout=0.5)
    yield registry
    registry.reset()


def order_fault(admin: MongoClient[Document], *, times: int, **data: object) -> None:
    admin.admin.command(
        {
            "configureFailPoint": "failCommand",
            "mode": {"times": times},
            "data": {"failCommands": ["update"], **data},
        }
    )


@pytest.mark.parametrize(
    "fault",
    [{"errorCode": 10107}, {"closeConnection": True}, {"errorCode": 91}, {"errorCode": 189}],
    ids=["not primary", "connection closed", "shutting down", "primary stepped down"],
)
def test_a_server_in_trouble_is_tried_again_later_and_holds_one_document(
    fault: Document, admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    order_fault(admin, times=4, **fault)
    with pytest.raises(TransientError) as caught:
        registry.register(document(call_id))
    admin.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    registry.reset()  # as when the network is back: the driver itself looks again only 10 s later

    registry.register(document(call_id))

    assert caught.value.code is Code.REGISTRY_UNREACHABLE
    assert admin[own_profile.database][own_profile.collection].count_documents({}) == 1


class BeforeConnecting(ConnectionPoolListener):
    """Does something once, when pymongo has chosen a server and is about to take a connection to it."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._acts = [act]

    def connection_check_out_started(self, event: ConnectionCheckOutStartedEvent) -> None:  # noqa: ARG002 - pymongo's own
        if self._acts:
            self._acts.pop()()

    def _ignore(self, event: object) -> None:
        pass

    pool_created = pool_ready = pool_cleared = pool_closed = _ignore
    connection_created = connection_ready = connection_closed = _ignore
    connection_check_out_failed = connection_checked_out = connection_checked_in = _ignore


def test_a_reset_in_the_moment_before_the_write_is_no_bug_but_tried_again(
    registry: MongoRegistry, call_id: str
) -> None:
    monitoring.register(BeforeConnecting(registry.reset))

    with pytest.raises(TransientError) as caught:
        registry.register(document(call_id))
    registry.register(document(call_id))

    assert caught.value.code is Code.REGISTRY_UNREACHABLE
    assert registry.find(call_id)


def test_an_unacknowledged_majority_is_not_believed(
    admin: MongoClient[Document], registry: MongoRegistry, call_id: str
) -> None:
    order_fault(admin, times=1, writeConcernError={"code": 64, "errmsg": "waiting for replication timed out"})

    with pytest.raises(TransientError) as caught:
        registry.register(document(call_id))

    assert caught.value.code is Code.REGISTRY_UNREACHABLE


def test_a_document_that_a_validator_refuses_is_for_the_rep(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    wanted = {"$jsonSchema": {"required": ["tenant"]}}
    admin[own_profile.database].create_collection(own_profile.collection, validator=wanted)

    with pytest.raises(JobError) as caught:
        registry.register(document(call_id))

    assert caught.value.code is Code.REGISTRY_REFUSED


def test_the_same_call_under_another_id_counts_as_registered(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    calls = admin[own_profile.database][own_profile.collection]
    calls.create_index("call_id", unique=True)
    calls.insert_one({"call_id": call_id, "status": "transcribing"})

    registry.register(document(call_id))

    assert calls.count_documents({}) == 1


def test_an_edit_keeps_what_others_have_added_to_the_details(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    calls = admin[own_profile.database][own_profile.collection]
    registry.register(document(call_id))
    calls.update_one({"_id": call_id}, {"$set": {"metadata.language": "en"}})

    registry.edit(edit(document(call_id), "Globex", seconds=1))

    assert (calls.find_one({"_id": call_id}) or {})["metadata"] == {
        "company_name": "Globex",
        "contact_email": "mary@globex.com",
        "call_type": "sales",
        "language": "en",
    }


def test_a_call_that_another_program_registered_under_an_id_of_its_own_is_edited_there(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    calls = admin[own_profile.database][own_profile.collection]
    calls.create_index("call_id", unique=True)
    theirs = {name: value for name, value in document(call_id).as_document().items() if name != "_id"}
    calls.insert_one(dict(theirs))

    registry.edit(edit(document(call_id), "Globex", seconds=1))

    (found,) = calls.find({})
    assert found["metadata"]["company_name"] == "Globex"


def test_a_document_without_details_is_read_as_empty_ones(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    calls = admin[own_profile.database][own_profile.collection]
    calls.insert_one({"_id": call_id, "status": "completed", "metadata": None})

    assert registry.edit(edit(document(call_id), "Globex", seconds=1)) == Details()


def test_another_unique_value_in_the_way_is_for_the_rep(
    admin: MongoClient[Document], own_profile: Profile, registry: MongoRegistry, call_id: str
) -> None:
    calls = admin[own_profile.database][own_profile.collection]
    calls.create_index("audio.file_size_bytes", unique=True)
    registry.register(document(str(uuid.uuid4())))

    with pytest.raises(JobError) as caught:
        registry.register(document(call_id))

    assert caught.value.code is Code.REGISTRY_REFUSED


def test_a_server_that_is_not_there_is_tried_again_later(profile: Profile, secrets: Secrets, call_id: str) -> None:
    (port,) = choose_ports(1)
    nobody = profile.model_copy(update={"mongo_uri": f"mongodb://127.0.0.1:{port}"})
    registry = MongoRegistry(nobody, secrets, selection_timeout=0.3)

    with pytest.raises(TransientError) as caught:
        registry.register(document(call_id))
    registry.reset()

    assert caught.value.code is Code.REGISTRY_UNREACHABLE


def secrets_with(password: str | None, profile: Profile) -> Secrets:
    environ = {} if password is None else {MONGO_PASSWORD_VARIABLE: password}
    return open_secrets(profile, Path("nowhere.callup"), environ=environ)


def test_the_password_comes_from_the_secrets(guarded: Profile, call_id: str) -> None:
    registry = MongoRegistry(guarded, secrets_with("right", guarded), selection_timeout=2)

    registry.register(document(call_id))

    assert registry.find(call_id)
    registry.reset()


@pytest.mark.parametrize(
    ("password", "code"), [("wrong", Code.REGISTRY_LOGIN), (None, Code.NO_REGISTRY_PASSWORD)], ids=["wrong", "none"]
)
def test_a_wrong_or_missing_password_is_told_for_what_it_is(
    guarded: Profile, password: str | None, code: Code, call_id: str
) -> None:
    registry = MongoRegistry(guarded, secrets_with(password, guarded), selection_timeout=2)

    with pytest.raises(AccountError) as caught:
        registry.register(document(call_id))
    registry.reset()

    assert caught.value.code is code
    assert "wrong" not in str(caught.value)
