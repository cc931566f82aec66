"""Whether the company's signed update repository (TUF) has a newer version; installs nothing. Never the main thread.

The profile names the repository and the fingerprint of its first root; from there python-tuf follows the chain of keys.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.ngclient import FetcherInterface, Updater
from urllib3 import Timeout
from urllib3.exceptions import HTTPError, SSLError

from callup_desktop.config.profile import AnyProfile
from callup_desktop.engine.errors import AccountError
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.services.transport import chain_of, open_pool, tls_error
from callup_desktop.services.way import Way

TARGET = "latest.json"
"""The one file that the repository's keys sign for: which version is the newest."""
METADATA, TARGETS = "metadata", "targets"
"""The repository's two folders."""
_FIRST_ROOT = "1.root.json"
_FETCH_TIMEOUT = 10.0
"""Seconds to connect, and then without a byte; no upload waits for this answer."""
_LOOK_TIMEOUT = 60.0
"""Seconds that a look may take in all, however its answers trickle."""
_MAX_BYTES = 512 * 1024
_CHUNK_SIZE = 64 * 1024


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """What looking found; `version` is the newest where it is known, `detail` is for IT.

    `cause` is why nobody answers, where somebody has to act.
    """

    outcome: UpdateOutcome
    version: str = ""
    detail: str = ""
    cause: AccountError | None = None

    @property
    def known(self) -> bool:
        """Whether the newest version is known, or the profile says not to look."""
        return self.outcome in {UpdateOutcome.NEWER, UpdateOutcome.CURRENT, UpdateOutcome.OFF}


class Latest(BaseModel):
    """The signed manifest. Later versions may say more in it, so unknown keys are left alone."""

    model_config = ConfigDict(frozen=True)

    version: Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9}){0,3}$")]


def ordered(version: str) -> tuple[int, ...]:
    """The version, which is numbers and dots, in a form that compares."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def look_for_newer(profile: AnyProfile, way: Way, folder: Path, *, installed: str) -> UpdateAnswer:
    """The newest version that the repository signs for; `folder` keeps what was seen, so that nothing older counts.

    Waits for the network up to `_FETCH_TIMEOUT` seconds between two bytes. Every failure of the network, the repository
    or the folder is an outcome, not an exception.
    """
    if profile.updates == "off" or profile.update_url is None or profile.update_root is None:
        return UpdateAnswer(UpdateOutcome.OFF)
    try:
        latest = _read_latest(profile.update_url.rstrip("/"), profile.update_root.lower(), folder, _Fetcher(way))
    except _OtherRootError as exc:
        return UpdateAnswer(UpdateOutcome.OTHER_ROOT, detail=str(exc))
    except (RepositoryError, DownloadError, ValidationError, OSError) as exc:
        cause = next((error for error in chain_of(exc) if isinstance(error, AccountError)), None)
        return UpdateAnswer(_outcome_of(exc), detail=f"{type(exc).__name__}: {exc}", cause=cause)
    newer = ordered(latest.version) > ordered(installed)
    return UpdateAnswer(UpdateOutcome.NEWER if newer else UpdateOutcome.CURRENT, latest.version)


class _OtherRootError(Exception):
    """Raised when the first root is not the one that the profile trusts."""


def _read_latest(url: str, fingerprint: str, folder: Path, fetcher: "_Fetcher") -> Latest:
    # What was seen of one repository says nothing about another.
    seen = folder / fingerprint[:16]
    seen.mkdir(parents=True, exist_ok=True, mode=0o700)
    updater = Updater(
        metadata_dir=str(seen),
        metadata_base_url=f"{url}/{METADATA}",
        target_base_url=f"{url}/{TARGETS}",
        fetcher=fetcher,
        bootstrap=_first_root(f"{url}/{METADATA}/{_FIRST_ROOT}", fingerprint, seen, fetcher),
    )
    target = updater.get_targetinfo(TARGET)
    if target is None:
        raise RepositoryError(f"nothing is signed as {TARGET}")
    if target.length > _MAX_BYTES:
        raise RepositoryError(f"{TARGET} is too long")
    return Latest.model_validate_json(Path(updater.download_target(target, str(seen / TARGET))).read_bytes())


def _first_root(url: str, fingerprint: str, seen: Path, fetcher: "_Fetcher") -> bytes:
    """The root that the profile's fingerprint belongs to, from `seen` or else from the repository."""
    kept = seen / "root_history" / _FIRST_ROOT
    if kept.is_file() and _fingerprint_of(root := kept.read_bytes()) == fingerprint:
        return root
    root = fetcher.download_bytes(url, _MAX_BYTES)
    if (found := _fingerprint_of(root)) != fingerprint:
        raise _OtherRootError(f"the fingerprint is {found}")
    return root


def _fingerprint_of(root: bytes) -> str:
    return hashlib.sha256(root).hexdigest()


def _outcome_of(exc: Exception) -> UpdateOutcome:
    match exc:
        case DownloadHTTPError(status_code=403 | 404 | 410):
            return UpdateOutcome.MISSING
        case DownloadError():
            return UpdateOutcome.UNREACHABLE
        case UnsignedMetadataError():
            return UpdateOutcome.NOT_SIGNED
        case LengthOrHashMismatchError():
            return UpdateOutcome.ALTERED
        case BadVersionNumberError():
            return UpdateOutcome.OLDER
        case ExpiredMetadataError():
            return UpdateOutcome.EXPIRED
        case OSError():
            return UpdateOutcome.NOT_KEPT
        case RepositoryError() | ValidationError():
            return UpdateOutcome.UNREADABLE
        case _:
            raise exc


class _Fetcher(FetcherInterface):
    """Goes the way that uploads go."""

    def __init__(self, way: Way) -> None:
        """One look: all of its files together have `_LOOK_TIMEOUT` seconds."""
        self._way = way
        self._until = time.monotonic() + _LOOK_TIMEOUT

    def _fetch(self, url: str) -> Iterator[bytes]:
        self._check_time()
        pool = open_pool(url, self._way, timeout=Timeout(connect=_FETCH_TIMEOUT, read=_FETCH_TIMEOUT))
        try:
            response = pool.request("GET", url, retries=False, redirect=False, preload_content=False)
        except SSLError as exc:
            raise tls_error(url, self._way, exc) from exc
        if response.status != 200:
            response.close()
            raise DownloadHTTPError(f"HTTP {response.status}", response.status)
        return self._pieces(response.stream(_CHUNK_SIZE))

    def _pieces(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        """The interface translates what fetching raises, but not what reading on does."""
        try:
            for piece in stream:
                self._check_time()
                yield piece
        except HTTPError as exc:
            raise DownloadError(str(exc)) from exc

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise DownloadError("the repository takes too long")
