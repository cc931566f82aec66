"""The contracts of storage, registry and queue, as a laptop without keys has them: over a gateway and real servers."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from callup_desktop.calls.documents import Audio, CallDocument, CallMetadata, TranscriptionTask, object_key, timestamp
from callup_desktop.config.profile import GatewayProfile, Profile
from callup_desktop.engine.ports import Target
from callup_desktop.recordings.formats import FORMATS, Format
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.gateway.calls import GatewayAnnouncer, GatewayRegistry
from callup_desktop.services.gateway.store import GatewayStore
from callup_desktop.services.gateway_tokens import GatewaySecrets, open_gateway_secrets
from callup_desktop.services.secrets import Vault
from tests.cli.console import wav
from tests.gateway.conftest import QUICK
from tests.gateway.inside import Inside, replica_inside
from tests.gateway.look import Document, Look
from tests.gateway.replica import eventually, write_profile
from tests.services.outside import PlainS3, body_of, call_id_of, checked_body, crc64nvme, target_for
from tests.services.store_contract import RECORDING, FaithfulStoreContract, send_parts
from tests.services.test_announcer import AnnouncerContract, Take
from tests.services.test_announcer import Ready as ReadyToAnnounce
from tests.services.test_registry import Ready, RegistryContract
from tests.services.test_secrets import GoodKeyring

TOKEN = "laptop-token"
ENTRIES = json.dumps([{"sha256": hashlib.sha256(TOKEN.encode()).hexdigest(), "caller": "rep", "tenant": "acme"}])
COLLECTION = "calls_of_laptops"
ACME = CallMetadata(company_name="Acme Corp", contact_email="john@acme.com", call_type="demo")


@pytest.fixture(scope="module")
def where(sandbox: Running, folder: Path, profile: Profile) -> Iterator[Inside]:
    """A replica whose calls are apart, so that no other one does its work."""
    path = write_profile(folder / "laptops", profile.model_copy(update={"collection": COLLECTION}), sandbox.profile)
    with replica_inside(path, folder / "laptops.log", tokens=ENTRIES, **QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def laptop(where: Inside) -> GatewayProfile:
    return GatewayProfile(name="Acme", gateway=where.address)


@pytest.fixture
def secrets(laptop: GatewayProfile) -> GatewaySecrets:
    return open_gateway_secrets(laptop, Vault("acme", GoodKeyring()), {"CALLUP_GATEWAY_TOKEN": TOKEN})


@pytest.fixture
def store(laptop: GatewayProfile, secrets: GatewaySecrets) -> Iterator[GatewayStore]:
    store = GatewayStore(laptop, secrets)
    yield store
    store.reset()


@pytest.fixture(scope="module")
def own_look(sandbox: Running) -> Iterator[Look]:
    with Look.at(sandbox) as found:
        yield replace(found, calls=found.calls.database[COLLECTION])


class OwnKeys:
    """The storage from outside; the gateway's key of a call takes the place of the one that is asked for."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._plain = PlainS3(look.s3, "", look.bucket)
        self.bucket = look.bucket

    def _key(self, key: str) -> str:
        found = (held for held in self._look.stored_keys() if call_id_of(key) in held)
        return next(found, object_key(call_id_of(key), datetime.now(UTC), "mp3"))

    def bytes_at(self, key: str) -> bytes | None:
        return self._plain.bytes_at(self._key(key))

    def content_type_at(self, key: str) -> str:
        return self._plain.content_type_at(self._key(key))

    def store(self, key: str, data: bytes) -> None:
        self._plain.store(self._key(key), data)

    def open_uploads(self, key: str) -> list[str]:
        found = self._look.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])
        return [upload["UploadId"] for upload in found if call_id_of(key) in upload["Key"]]


class TestGatewayStore(FaithfulStoreContract):
    @pytest.fixture
    def outside(self, own_look: Look) -> OwnKeys:
        return OwnKeys(own_look)

    def test_parts_of_a_checked_recording_are_signed_by_one_request(
        self, store: GatewayStore, outside: OwnKeys, where: Inside
    ) -> None:
        pieces = checked_body(RECORDING, []).crc64nvmes
        target = replace(target_for(RECORDING, outside.bucket), piece_crc64nvmes=pieces)

        upload_id, parts = send_parts(store, target)

        assert store.complete(target, upload_id, parts) is not None
        assert outside.bytes_at(target.key) == RECORDING
        assert signed_together(where, target) == [[1, 2]]

    def test_a_recording_of_one_part_is_signed_as_it_is_begun(
        self, store: GatewayStore, outside: OwnKeys, where: Inside
    ) -> None:
        data = RECORDING[:100_000]
        target = target_for(data, outside.bucket)
        asked_before = requests_for_parts(where)

        store.put(target, body_of(data))

        assert outside.bytes_at(target.key) == data
        assert signed_together(where, target) == [[1]]
        assert requests_for_parts(where) == asked_before


def lines_of(where: Inside, event: str) -> list[dict[str, Any]]:
    """What the replica has told of this kind."""
    told = (json.loads(line) for line in where.log.read_text(encoding="utf-8").splitlines())
    return [line for line in told if line["event"] == event]


def requests_for_parts(where: Inside) -> int:
    """How often parts were asked for so far."""
    return sum(line["route"].endswith("/parts") for line in lines_of(where, "request answered"))


def signed_together(where: Inside, target: Target) -> list[list[int]]:
    """The numbers of the parts that each request had signed."""
    return [line["numbers"] for line in lines_of(where, "parts signed") if line["call_id"] == target.call_id]


@pytest.fixture
def call_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return wav(tmp_path_factory.mktemp("short") / "short.wav", seconds=1, seed=5).read_bytes()


@pytest.fixture
def stored_call(store: GatewayStore, own_look: Look, recording: bytes) -> Ready:
    """A call whose recording is stored, and the document that it is to become."""

    def stored(call_id: str, *, uploaded_by: str | None = "rep@company.com") -> CallDocument:
        content_type = FORMATS[Format.WAV].content_type
        store.put(Target("", "", content_type, len(recording), crc64nvme(recording), "", call_id), body_of(recording))
        row = own_look.uploads.find_one({"_id": call_id})
        assert row is not None
        return CallDocument(
            call_id=call_id,
            uploaded_at=row["uploaded_at"],
            uploaded_by=uploaded_by,
            audio=Audio(
                s3_bucket=own_look.bucket, s3_key=row["key"], format=Format.WAV, file_size_bytes=len(recording)
            ),
            metadata=ACME,
            created_at=row["uploaded_at"],
            updated_at=row["uploaded_at"],
        )

    return stored


class TestGatewayRegistry(RegistryContract):
    @pytest.fixture
    def registry(self, laptop: GatewayProfile, secrets: GatewaySecrets) -> Iterator[GatewayRegistry]:
        registry = GatewayRegistry(laptop, secrets)
        yield registry
        registry.reset()

    @pytest.fixture
    def ready(self, stored_call: Ready) -> Ready:
        return stored_call

    @pytest.fixture
    def look(self, own_look: Look) -> Callable[[str], Document | None]:
        return lambda call_id: own_look.calls.find_one({"_id": call_id})

    @pytest.fixture
    def move_on(self, own_look: Look) -> Callable[[str], None]:
        def move(call_id: str) -> None:
            own_look.calls.update_one({"_id": call_id}, {"$set": {"status": "transcribed"}})

        return move


class TestGatewayAnnouncer(AnnouncerContract):
    @pytest.fixture
    def announcer(self, laptop: GatewayProfile, secrets: GatewaySecrets) -> Iterator[GatewayAnnouncer]:
        announcer = GatewayAnnouncer(laptop, secrets)
        yield announcer
        announcer.reset()

    @pytest.fixture
    def ready(self, stored_call: Ready, laptop: GatewayProfile, secrets: GatewaySecrets) -> ReadyToAnnounce:
        def registered(call_id: str) -> TranscriptionTask:
            document = stored_call(call_id)
            registry = GatewayRegistry(laptop, secrets)
            registry.register(document)
            registry.reset()
            audio = document.audio
            return TranscriptionTask(
                call_id=call_id,
                s3_bucket=audio.s3_bucket,
                s3_key=audio.s3_key,
                format=audio.format,
                timestamp=timestamp(document.uploaded_at),
            )

        return registered

    @pytest.fixture
    def take(self, own_look: Look) -> Take:
        def waited_for(call_id: str) -> list[str]:
            found = eventually(lambda: own_look.messages(call_id), f"a message about {call_id}")
            return [json.dumps({name: value for name, value in each.items() if name != "attributes"}) for each in found]

        return waited_for
