"""No keys, mistyped keys and denied rights are three different things to the rep."""

import socket
import threading
import uuid
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.presentation.messages import Messages
from callup_desktop.services.mongo import MongoRegistry
from tests.services.test_registry import document, secrets_with

_LOGIN_FAILED = b"\x10code\x00" + (18).to_bytes(4, "little")
_ATLAS_ERROR = b"\x10code\x00" + (8000).to_bytes(4, "little")


def test_each_of_them_has_a_sentence_of_its_own() -> None:
    messages = Messages()
    codes = (
        *(Code.NO_CREDENTIALS, Code.KEYS_WRONG, Code.KEYS_REVOKED, Code.ACCESS_DENIED),
        *(Code.NO_REGISTRY_PASSWORD, Code.REGISTRY_LOGIN, Code.REGISTRY_DENIED, Code.QUEUE_DENIED),
    )

    assert len({messages.of_code(code) for code in codes}) == len(codes)


class LikeAtlas:
    """Passes everything on, but refuses a login by the one number that Atlas has for all refusals."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self.port = int(self._listener.getsockname()[1])
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for end in (self._listener, *self._ends):
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(self._address)
                self._ends += [client, server]
                for pair in ((client, server), (server, client)):
                    self._threads.append(threading.Thread(target=self._pump, args=pair))
                    self._threads[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data.replace(_LOGIN_FAILED, _ATLAS_ERROR))
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("password", "code"), [("wrong", Code.REGISTRY_LOGIN), ("right", None)])
def test_a_mistyped_password_is_told_as_such_where_the_server_has_one_number_for_everything(
    guarded: Profile, password: str, code: Code | None
) -> None:
    parts = urlsplit(guarded.mongo_uri)
    assert parts.hostname
    assert parts.port
    with closing(LikeAtlas((parts.hostname, parts.port))) as server:
        uri = guarded.mongo_uri.replace(f":{parts.port}", f":{server.port}")
        profile = guarded.model_copy(update={"mongo_uri": uri})
        registry = MongoRegistry(profile, secrets_with(password, profile), selection_timeout=5)
        found: Code | None = None
        try:
            registry.register(document(str(uuid.uuid4())))
        except AccountError as exc:
            found = exc.code
        registry.reset()

    assert found is code
