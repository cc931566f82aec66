"""The call registry: engine.ports.Registry over MongoDB. Any thread; one client, made by the first call."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from threading import Lock
from typing import Any

from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import (
    DuplicateKeyError,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from callup_desktop.calls.documents import FIRST_STATUS, CallDocument, CallEdit
from callup_desktop.calls.metadata import Details
from callup_desktop.config.addresses import MongoAddress
from callup_desktop.config.profile import Profile
from callup_desktop.config.reading import read_small
from callup_desktop.engine.errors import AccountError, CallError, Code, JobError, TransientError
from callup_desktop.services.mongo_errors import (
    ATLAS_ERROR,
    NO_RETRYABLE_WRITES,
    Address,
    context_of,
    refuses_login,
    translate,
    unreachable,
)
from callup_desktop.services.secrets import Secrets
from callup_desktop.services.transport import told_time

SELECTION_TIMEOUT = 10.0
"""Seconds to find a primary; hours of waiting are the engine's."""
CONNECT_TIMEOUT = 5.0
"""Seconds that one address may take to connect; the driver tries a name's addresses one after the other."""
SOCKET_TIMEOUT = 10.0
"""Seconds without a byte from a server; twice as many after each silence, until `LONGEST_SOCKET_TIMEOUT`."""
LONGEST_SOCKET_TIMEOUT = 60.0
_ACKNOWLEDGEMENT_SHARE = 0.8
"""Of those seconds, that a majority may take to write to its journals, so that its failure is heard before the
connection counts as dead; after that the write is repeated, which does no harm."""

_UNAUTHORIZED = 13
_NO_TRANSACTIONS = frozenset({20, 263, 303})
"""IllegalOperation (a server on its own), OperationNotSupportedInTransaction, FeatureNotSupported."""
_OURS = frozenset({"appname", "w", "journal", "tls", "ssl"})
"""Options that are ours to say, whatever the profile's URI says of them; TLS was read."""

PLACE = ("audio.s3_bucket", "audio.s3_key")
"""Where the recording of a call lies."""
_COMPARED = ("call_id", "status", "audio.s3_key", "audio.file_size_bytes", "created_at", "updated_at", "uploaded_by")

Document = dict[str, Any]


class MongoConnection:
    """One client of the profile's server, made by the first call, for all that works on its collections.

    `selection_timeout` is seconds to find a primary, `socket_timeout` seconds without a byte from it at first, and at
    most `longest_socket_timeout`. What one call learns of the servers, the next call of any collection heeds.
    """

    def __init__(
        self,
        profile: Profile,
        secrets: Secrets,
        *,
        selection_timeout: float = SELECTION_TIMEOUT,
        socket_timeout: float = SOCKET_TIMEOUT,
        longest_socket_timeout: float = LONGEST_SOCKET_TIMEOUT,
    ) -> None:
        self._profile = profile
        self._selection_timeout = selection_timeout
        self._first_socket_timeout = self._socket_timeout = socket_timeout
        self._longest_socket_timeout = max(longest_socket_timeout, socket_timeout)
        self._retries_writes = True
        self._secrets = secrets
        self._lock = Lock()
        self._client: MongoClient[Document] | None = None

    @contextmanager
    def database(self) -> Iterator[Database[Document]]:
        """The database, read from and acknowledged by the majority; an error of pymongo is raised as a CallError."""
        client = self._connected()
        try:
            yield database_in(client, self._profile)
        except (PyMongoError, BSONError) as exc:
            if not self._is_current(client):
                # `reset` closed it under this call, so its error is no answer of the server.
                raise TransientError(Code.REGISTRY_UNREACHABLE, f"closed by a reset: {type(exc).__name__}") from exc
            raise self._learnt(client, exc) from exc

    def reset(self) -> None:
        """Drop all connections; the next call makes new ones, with the password of then, and learns again how slow."""
        self._socket_timeout = self._first_socket_timeout
        self.renew_credentials()

    def renew_credentials(self) -> None:
        """Make the next call read the password again; pymongo closes a connection in use only after its reply."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _learnt(self, client: MongoClient[Document], exc: PyMongoError | BSONError) -> CallError:
        """What the error means; what it shows of the servers is heeded by the next client."""
        if isinstance(exc, ServerSelectionTimeoutError) and (
            blamed := unreachable(
                client,
                seeds_of(self._profile.registry),
                lambda: told_time(self._profile.storage_endpoint, self._secrets.way),
            )
        ):
            return blamed
        if isinstance(exc, NetworkTimeout):
            self._replace(client, longer=True)
        if isinstance(exc, OperationFailure) and exc.code in NO_RETRYABLE_WRITES and self._retries_writes:
            self._replace(client, retries_writes=False)
            return TransientError(Code.REGISTRY_BUSY, f"no retryable writes here: {exc.code}")
        if getattr(exc, "code", None) == ATLAS_ERROR and refuses_login(client):
            return AccountError(Code.REGISTRY_LOGIN, f"{type(exc).__name__} {ATLAS_ERROR}")
        return translate(exc)

    def _replace(self, client: MongoClient[Document], *, longer: bool = False, retries_writes: bool = True) -> None:
        """Make the next call connect with what this one learnt; of calls that fail together only the first counts."""
        with self._lock:
            if client is not self._client:
                return
            self._client = None
            if longer:
                self._socket_timeout = min(2 * self._socket_timeout, self._longest_socket_timeout)
            self._retries_writes = self._retries_writes and retries_writes
        client.close()

    def _connected(self) -> MongoClient[Document]:
        with self._lock:
            if self._client is None:
                try:
                    self._client = connect(
                        self._profile,
                        self._secrets,
                        self._selection_timeout,
                        self._socket_timeout,
                        retries_writes=self._retries_writes,
                    )
                except PyMongoError as exc:
                    raise translate(exc) from exc
            return self._client

    def _is_current(self, client: MongoClient[Document]) -> bool:
        with self._lock:
            return client is self._client


class MongoRegistry:
    """The collection of the profile; a call is one document under its call_id, never overwritten.

    `selection_timeout` is seconds to find a primary, `socket_timeout` seconds without a byte from it at first;
    `connection` is given where others share it.
    """

    def __init__(
        self,
        profile: Profile,
        secrets: Secrets,
        *,
        selection_timeout: float = SELECTION_TIMEOUT,
        socket_timeout: float = SOCKET_TIMEOUT,
        connection: MongoConnection | None = None,
    ) -> None:
        self._collection = profile.collection
        self._connection = connection or MongoConnection(
            profile, secrets, selection_timeout=selection_timeout, socket_timeout=socket_timeout
        )
        self._only_inserts = False
        """Found out once: the role has no update. A second thread that finds it out too does no harm."""

    def register(self, document: CallDocument) -> None:
        """Write the document unless it is there; returns once a majority has it in its journal."""
        fields = document.as_document()
        with self._calls() as calls:
            try:
                self._write(calls, fields)
            except DuplicateKeyError as exc:
                if not _is_same_call(exc, document.call_id):
                    raise

    def edit(self, edit: CallEdit) -> Details | None:
        """Change the details while the status is the first one; the details afterwards, None without the call.

        Raises JobError where the role may register calls and not change them: nothing else is held up by that.
        """
        with self._calls() as calls:
            # A call that another program registered has an id of its own.
            for key in ("_id", "call_id"):
                own = {key: edit.call_id}
                open_ = {**own, "status": FIRST_STATUS, **_changed_before(edit)}
                if _updated(calls, open_, edit):
                    return _details_in(edit.metadata.model_dump())
                if (found := calls.find_one(own, {"metadata": True})) is not None:
                    return _details_in(found.get("metadata"))
        return None

    def _write(self, calls: Collection[Document], fields: Document) -> None:
        """One upsert that changes nothing where the call is; a role that may only insert gets an insert."""
        if not self._only_inserts:
            others = {name: value for name, value in fields.items() if name != "_id"}
            try:
                calls.update_one({"_id": fields["_id"]}, {"$setOnInsert": others}, upsert=True)
            except OperationFailure as exc:
                if exc.code != _UNAUTHORIZED:
                    raise
            else:
                return
        calls.insert_one(fields)
        self._only_inserts = True

    def find(self, call_id: str) -> bool:
        """Whether a majority has the call."""
        with self._calls() as calls:
            return calls.find_one({"_id": call_id}, {"_id": True}) is not None

    def statuses(self, call_ids: tuple[str, ...]) -> dict[str, str]:
        """The status of each call that is registered."""
        with self._calls() as calls:
            found = calls.find({"_id": {"$in": list(call_ids)}}, {"status": True})
            return {str(call["_id"]): str(call.get("status", "")) for call in found}

    def documents(self, call_ids: Sequence[str]) -> dict[str, Document]:
        """Each of these calls that is registered, by its call_id."""
        with self._calls() as calls:
            return {str(call["_id"]): call for call in calls.find({"_id": {"$in": list(call_ids)}})}

    def placed(self, bucket: str, keys_from: str, keys_before: str) -> Iterator[Document]:
        """What is needed to compare calls whose key in the bucket lies between these, in the order of their keys.

        They are read as they are asked for; without the index of `callup provision` the server looks at every call.
        """
        place = {"audio.s3_bucket": bucket, "audio.s3_key": {"$gte": keys_from, "$lt": keys_before}}
        with self._calls() as calls:
            yield from calls.find(place, dict.fromkeys(_COMPARED, True)).sort("audio.s3_key", 1)

    def ping(self) -> None:
        """Raise CallError where the server does not answer."""
        with self._connection.database() as database:
            database.command("ping")

    def dry_run(self, document: CallDocument) -> str:
        """Register the document in a transaction that is aborted; what was proven. Raises what `register` would."""
        fields = document.as_document()
        with self._calls() as calls:
            calls.find_one({"_id": fields["_id"]}, {"_id": True})
            try:
                with calls.database.client.start_session() as session, session.start_transaction():
                    calls.insert_one(fields, session=session)
                    session.abort_transaction()
            except OperationFailure as exc:
                if exc.code not in _NO_TRANSACTIONS:
                    raise
                calls.update_one({"_id": fields["_id"]}, {"$set": {"status": "uploaded"}})
                return "reading and updating work; inserting cannot be tried without transactions"
            return "reading and inserting work"

    def reset(self) -> None:
        """Drop all connections; the next call makes new ones, with the password of then, and learns again how slow."""
        self._connection.reset()

    def renew_credentials(self) -> None:
        """Make the next call read the password again; pymongo closes a connection in use only after its reply."""
        self._connection.renew_credentials()

    @contextmanager
    def _calls(self) -> Iterator[Collection[Document]]:
        """The collection of calls; an error of pymongo is raised as a CallError."""
        with self._connection.database() as database:
            yield database[self._collection]


@contextmanager
def _usable_files() -> Iterator[None]:
    """A file of certificates that the address names, and that is of no use, is raised as an AccountError."""
    try:
        yield
    except (OSError, ValueError) as exc:
        raise AccountError(Code.REGISTRY_DENIED, f"MongoClient: {type(exc).__name__}") from exc


@_usable_files()
def connect(
    profile: Profile,
    secrets: Secrets,
    selection_timeout: float = SELECTION_TIMEOUT,
    socket_timeout: float = SOCKET_TIMEOUT,
    *,
    retries_writes: bool = True,
) -> MongoClient[Document]:
    """A client that has not connected yet; raises what pymongo raises where a `mongodb+srv` name does not resolve.

    Raises AccountError where the password is missing, or a file that the address names is of no use. `retries_writes`
    off overrides the profile, which says whether the driver repeats a write once.
    """
    address = profile.registry
    for file in address.files:
        # The driver would wait for a pipe, and read a device to its end.
        read_small(Path(file))
    client: MongoClient[Document] = MongoClient(
        address.uri,
        # A client of SRV is made anew by its first call, so that one has to connect before it is told whom to believe.
        connect=address.srv or not profile.authority,
        **_client_options(address, retries_writes=retries_writes),
        **_login(address, secrets),
        appname="callup-desktop",
        serverSelectionTimeoutMS=int(selection_timeout * 1000),
        connectTimeoutMS=int(min(CONNECT_TIMEOUT, selection_timeout) * 1000),
        socketTimeoutMS=int(socket_timeout * 1000),
        wTimeoutMS=int(socket_timeout * _ACKNOWLEDGEMENT_SHARE * 1000),
        tz_aware=True,
    )
    context = context_of(client)
    if context is not None and profile.authority:
        # Beside those that the driver believes by itself; its own option would put them in their place.
        context.load_verify_locations(cadata=profile.authority)
    return client


def database_in(client: MongoClient[Document], profile: Profile) -> Database[Document]:
    """The profile's database, read from and acknowledged by the majority.

    Anything less was seen to lose acknowledged documents when the server was killed.
    """
    acknowledged = WriteConcern(w="majority", j=True, wtimeout=client.write_concern.document.get("wtimeout"))
    return client.get_database(profile.database, write_concern=acknowledged, read_concern=ReadConcern("majority"))


def _updated(calls: Collection[Document], open_: Document, edit: CallEdit) -> bool:
    try:
        return bool(calls.update_one(open_, {"$set": edit.as_update()}).matched_count)
    except OperationFailure as exc:
        if exc.code != _UNAUTHORIZED:
            raise
        raise JobError(Code.REGISTRY_REFUSED, "the role has no update") from exc


def _changed_before(edit: CallEdit) -> dict[str, Any]:
    """Which calls the edit is not too old for."""
    earlier: dict[str, Any] = {"updated_at": {"$lte": edit.updated_at}}
    return earlier if edit.registered_with is None else {"$or": [earlier, {"updated_at": edit.registered_with}]}


def _details_in(metadata: Any) -> Details:
    """The details of a document, whoever wrote it."""
    known = metadata if isinstance(metadata, Mapping) else {}
    return Details(**{field.name: str(known.get(field.name) or "") for field in fields(Details)})


def seeds_of(address: MongoAddress) -> tuple[Address, ...]:
    """The servers that the address names; () where DNS tells them."""
    return () if address.srv else address.hosts


def _client_options(address: MongoAddress, *, retries_writes: bool) -> dict[str, Any]:
    """What the profile says to the driver; without TLS no other server than the named one is believed."""
    options = {name: value for name, value in address.options.items() if name not in _OURS}
    if not retries_writes:
        options["retrywrites"] = False
    return {**options, "tls": not address.plain, **({"directconnection": True} if address.plain else {})}


def _login(address: MongoAddress, secrets: Secrets) -> dict[str, Any]:
    # Never left out: without one OpenSSL would ask the terminal, and wait.
    key = {"tlscertificatekeyfilepassword": secrets.mongo_key_password() or ""} if address.shows_certificate else {}
    if address.user is None:
        return key
    if not address.wants_password:
        return {**key, "username": address.user}
    password = secrets.mongo_password()
    if password is None:
        raise AccountError(Code.NO_REGISTRY_PASSWORD, "the registry's password is missing")
    return {**key, "username": address.user, "password": password}


def _is_same_call(exc: DuplicateKeyError, call_id: str) -> bool:
    """Whether the document that was there first is this very call."""
    details: Mapping[str, Any] = exc.details or {}
    return call_id in dict(details.get("keyValue") or {}).values()
