"""The embedded sandbox: real S3, MongoDB and SQS servers on this computer, over one data folder with one owner.

    sandbox.callup   the profile that leads here, written at each start
    keys.json        its credentials, made once, readable by this user only
    ports.json       where it answered last time, and again while those ports are free
    s3/ mongo/       what was stored
    logs/            a file for each server, of its latest start

One thread at a time may use a Sandbox. Its servers end with this process, in whatever way that ends.
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Annotated

import tomli_w
from filelock import FileLock, Timeout
from pydantic import Field, TypeAdapter, ValidationError

from callup_desktop.config.atomic import write_atomically
from callup_desktop.config.profile import Profile
from callup_desktop.config.reading import read_small
from callup_desktop.engine.errors import Code
from callup_desktop.sandbox.child_server import ChildServer
from callup_desktop.sandbox.errors import SandboxError, SandboxSilentError, SandboxTakenError
from callup_desktop.sandbox.ports import (
    LAST_PORT,
    answers,
    are_free,
    choose_ports,
    local_sockets,
    require_place_for_sockets,
)
from callup_desktop.sandbox.servers import (
    BUCKET,
    COLLECTION,
    DATABASE,
    REGION,
    Embedded,
    EmbeddedMongo,
    EmbeddedS3,
    EmbeddedSqs,
    Keys,
    NotReadyError,
    Server,
    endpoint,
    mongo_uri,
    queue_url,
    require_installed,
)

PROFILE = "sandbox.callup"
_PORT_CHOICES = 3  # how often a server gets other ports because somebody took its own meanwhile
_START_TIMEOUT = 60.0  # seconds after which a server that lives and does not answer counts as broken
_POLL_INTERVAL = 0.02  # seconds between two looks at a server that is coming up

_INHERITED = (
    *("PATH", "HOME", "USER", "LANG", "LC_", "TZ", "TMP", "TEMP", "VIRTUAL_ENV", "PYTHON", "LD_LIBRARY_PATH"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
    *("NUMBER_OF_PROCESSORS", "PROCESSOR_", "OS"),
)
"""How the names begin of what the servers inherit."""

_Ports = dict[Server, tuple[Annotated[int, Field(ge=1024, le=LAST_PORT)], ...]]


@dataclass(frozen=True, slots=True)
class Running:
    """Where a running sandbox is, and how to get in."""

    profile: Path
    s3_endpoint: str
    sqs_endpoint: str
    mongo_uri: str
    bucket: str
    database: str
    queue_url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)

    def as_json(self) -> str:
        """One line of JSON with these fields."""
        return json.dumps(asdict(self), default=str)


class Sandbox:
    """The three servers over one data folder; a context manager that starts and stops them."""

    def __init__(
        self,
        data: Path,
        *,
        choose_ports: Callable[[int], tuple[int, ...]] = choose_ports,
        start_timeout: float = _START_TIMEOUT,
    ) -> None:
        """Touches nothing yet; a server has `start_timeout` seconds to answer, and as many again on other ports."""
        self._data = data.absolute()
        self._choose_ports = choose_ports
        self._start_timeout = start_timeout
        # Started on one thread and stopped on another is fine, so the lock must not be one thread's.
        self._owner = FileLock(self._data / "sandbox.lock", thread_local=False)
        self._embedded: dict[Server, Embedded] = {}
        self._ports: _Ports = {}
        self._kept: dict[Server, ChildServer] = {}

    def start(self) -> Running:
        """Start all servers and make bucket, collection, index and queue; returns once each has answered.

        Raises SandboxError, and then nothing is left running.
        """
        try:
            require_installed()
            require_place_for_sockets()
            self._take_folder()
            keys = self._read_or_make_keys()
            self._embedded = {kind.name: kind(keys) for kind in (EmbeddedS3, EmbeddedMongo, EmbeddedSqs)}
            self._bring_up_all(self._last_ports())
            write_atomically(self._data / "ports.json", json.dumps(self._ports).encode())
            return self._running(keys)
        except OSError as exc:
            self.stop()
            params = {"folder": str(self._data), "reason": exc.strerror or str(exc)}
            raise SandboxError(Code.SANDBOX_FOLDER, params) from exc
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End all servers in good order, keep their data, give up the folder. Stopping twice does no harm."""
        for kept in self._kept.values():
            kept.ask_to_stop()
        for kept in self._kept.values():
            kept.stop()
        self._kept.clear()
        self._owner.release()

    def kill(self, server: Server) -> None:
        """End one server as a power cut would; `restart` brings it back on the same port."""
        self._kept[server].kill()

    def restart(self, server: Server) -> None:
        """Start one server again on its data and port, stopping it first if need be; returns once it has answered."""
        self._kept[server].stop()
        embedded, ports = self._embedded[server], self._ports[server]
        if not self._comes_up(embedded, ports):
            raise self._startup_failure(embedded)

    def fallen(self) -> tuple[Server, ...]:
        """The servers that are not running any more."""
        return tuple(server for server, kept in self._kept.items() if kept.ended)

    def __enter__(self) -> Running:
        """Start; where it runs."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _take_folder(self) -> None:
        for folder in (self._data, *(self._data / name for name in ("s3", "mongo", "logs"))):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._owner.acquire(blocking=False)
        except Timeout as exc:
            raise SandboxTakenError(Code.SANDBOX_TAKEN, {"folder": str(self._data)}) from exc

    def _read_or_make_keys(self) -> Keys:
        file = self._data / "keys.json"
        try:
            return TypeAdapter(Keys).validate_json(read_small(file))
        except (FileNotFoundError, ValidationError):
            keys = Keys(
                access_key_id=f"SANDBOX{secrets.token_hex(6).upper()}",
                secret_access_key=secrets.token_hex(20),
                account_id=f"{secrets.randbelow(10**12):012}",
            )
            write_atomically(file, json.dumps(asdict(keys)).encode())
            return keys

    def _last_ports(self) -> _Ports:
        try:
            return TypeAdapter(_Ports).validate_json(read_small(self._data / "ports.json"))
        except (FileNotFoundError, ValidationError):
            return {}

    def _bring_up_all(self, last: _Ports) -> None:
        with ThreadPoolExecutor(len(self._embedded)) as pool:
            coming = [
                pool.submit(self._bring_up, embedded, last.get(name, ())) for name, embedded in self._embedded.items()
            ]
        for server in coming:
            server.result()

    def _bring_up(self, embedded: Embedded, last: tuple[int, ...]) -> None:
        ports = last if len(last) == embedded.port_count and are_free(last) else self._choose_ports(embedded.port_count)
        silent = False
        for _ in range(_PORT_CHOICES):
            try:
                if self._comes_up(embedded, ports):
                    self._ports[embedded.name] = ports
                    return
                if are_free(ports):
                    raise self._startup_failure(embedded)
            except SandboxSilentError:
                # Another weed that had one of these ports may have removed the local socket of this one at its end.
                if silent:
                    raise
                silent = True
            ports = self._choose_ports(embedded.port_count)
        raise SandboxError(Code.SANDBOX_NO_PORTS)

    def _comes_up(self, embedded: Embedded, ports: tuple[int, ...]) -> bool:
        """Start the server and wait until it has what the app needs; False if it ended instead, and then it is gone.

        Raises SandboxSilentError if it does not answer, and then it is gone too.
        """
        command, environment = embedded.command(ports), {**_harmless(os.environ), **embedded.environment()}
        left = [path for port in ports for path in local_sockets(port)] if embedded.name is Server.S3 else []
        kept = ChildServer.start(command, environment, folder=self._data, name=embedded.name, left=left)
        self._kept[embedded.name] = kept
        try:
            up = self._answers(embedded, kept, ports[0])
        except SandboxSilentError:
            kept.stop()
            raise
        if not up:
            kept.stop()
        return up

    def _answers(self, embedded: Embedded, kept: ChildServer, port: int) -> bool:
        """Wait until the server has what the app needs; False if it ends before. Raises SandboxSilentError."""
        trouble: NotReadyError | None = None
        patient_until = time.monotonic() + self._start_timeout
        with embedded.provisioning(port, kept.pid) as provision:
            while not kept.ended_within(_POLL_INTERVAL):
                if answers(port):
                    try:
                        provision()
                    except NotReadyError as exc:
                        trouble = exc
                    else:
                        return True
                if time.monotonic() > patient_until:
                    params = {"server": embedded.name}
                    raise SandboxSilentError(Code.SANDBOX_SILENT, params, kept.last_words()) from trouble
        return False

    def _startup_failure(self, embedded: Embedded) -> SandboxError:
        last_words = self._kept[embedded.name].last_words()
        return SandboxError(Code.SANDBOX_SERVER_FAILED, {"server": embedded.name}, last_words)

    def _running(self, keys: Keys) -> Running:
        ports = {server: ports[0] for server, ports in self._ports.items()}
        running = Running(
            profile=self._data / PROFILE,
            s3_endpoint=endpoint(ports[Server.S3]),
            sqs_endpoint=endpoint(ports[Server.SQS]),
            mongo_uri=mongo_uri(ports[Server.MONGO]),
            bucket=BUCKET,
            database=DATABASE,
            queue_url=queue_url(ports[Server.SQS], keys),
            access_key_id=keys.access_key_id,
            secret_access_key=keys.secret_access_key,
        )
        profile = Profile(
            name="Sandbox",
            bucket=running.bucket,
            region=REGION,
            endpoint=running.s3_endpoint,
            mongo_uri=running.mongo_uri,
            database=running.database,
            collection=COLLECTION,
            queue_url=running.queue_url,
            credentials="sandbox",
        )
        write_atomically(running.profile, tomli_w.dumps(profile.model_dump(exclude_unset=True)).encode())
        return running


def _harmless(environ: Mapping[str, str]) -> dict[str, str]:
    """What a server needs of this process's environment: places and languages, never keys."""
    return {name: value for name, value in environ.items() if name.upper().startswith(_INHERITED)}
