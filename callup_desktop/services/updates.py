"""Is there a newer version? Asks the company's signed update repository (TUF) and installs nothing. Never main thread.

The profile names the repository and the fingerprint of its first root; from there python-tuf follows the chain of keys.
"""

import hashlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

import truststore
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
from urllib3 import PoolManager, ProxyManager, Timeout, make_headers
from urllib3.exceptions import HTTPError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.ports import UpdateOutcome
from callup_desktop.services.transport import proxy_of

TARGET = "latest.json"
"""The one file that the repository's keys sign for: which version is the newest."""
METADATA, TARGETS = "metadata", "targets"
"""The repository's two folders."""
_FIRST_ROOT = "1.root.json"
_PATIENCE = 10.0
_MOST_BYTES = 512 * 1024
_AT_ONCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """What looking found; `version` is the newest where it is known, `detail` is for IT."""

    outcome: UpdateOutcome
    version: str = ""
    detail: str = ""

    @property
    def known(self) -> bool:
        """Whether the newest version is known, or nobody wants to know."""
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


def look_for_newer(profile: Profile, folder: Path, *, installed: str) -> UpdateAnswer:
    """The newest version, by whoever signs for it; `folder` remembers what was seen, so that nothing older is believed.

    Waits on the network for some seconds at most between two bytes; raises nothing that an update could be blamed for.
    """
    if profile.updates == "off" or profile.update_url is None or profile.update_root is None:
        return UpdateAnswer(UpdateOutcome.OFF)
    try:
        latest = _read_latest(profile.update_url.rstrip("/"), profile.update_root.lower(), folder)
    except _OtherRootError as exc:
        return UpdateAnswer(UpdateOutcome.OTHER_ROOT, detail=str(exc))
    except (RepositoryError, DownloadError, ValidationError, OSError) as exc:
        return UpdateAnswer(_outcome_of(exc), detail=f"{type(exc).__name__}: {exc}")
    newer = ordered(latest.version) > ordered(installed)
    return UpdateAnswer(UpdateOutcome.NEWER if newer else UpdateOutcome.CURRENT, latest.version)


class _OtherRootError(Exception):
    """Raised when the first root is not the one that the profile trusts."""


def _read_latest(url: str, fingerprint: str, folder: Path) -> Latest:
    fetcher = _Fetcher()
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
    if target.length > _MOST_BYTES:
        raise RepositoryError(f"{TARGET} is too long")
    return Latest.model_validate_json(Path(updater.download_target(target, str(seen / TARGET))).read_bytes())


def _first_root(url: str, fingerprint: str, seen: Path, fetcher: "_Fetcher") -> bytes:
    """The root that the profile's fingerprint belongs to, from an earlier look or from the repository."""
    kept = seen / "root_history" / _FIRST_ROOT
    if kept.is_file() and _fingerprint_of(root := kept.read_bytes()) == fingerprint:
        return root
    root = fetcher.download_bytes(url, _MOST_BYTES)
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
        case _:
            return UpdateOutcome.UNREADABLE


class _Fetcher(FetcherInterface):
    """Trusts what the system trusts and goes through the system's proxy, as uploads do."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        timeout = Timeout(connect=_PATIENCE, read=_PATIENCE)
        response = _way(url).request("GET", url, retries=False, redirect=False, preload_content=False, timeout=timeout)
        if response.status != 200:
            response.close()
            raise DownloadHTTPError(f"HTTP {response.status}", response.status)
        return self._pieces(response.stream(_AT_ONCE))

    @staticmethod
    def _pieces(stream: Iterator[bytes]) -> Iterator[bytes]:
        """The interface translates what fetching raises, but not what reading on does."""
        try:
            yield from stream
        except HTTPError as exc:
            raise DownloadError(str(exc)) from exc


@cache
def _system_trust() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _way(url: str) -> PoolManager:
    proxy = proxy_of(url)
    if not proxy:
        return PoolManager(ssl_context=_system_trust())
    parts = urlsplit(proxy)
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
    headers = make_headers(proxy_basic_auth=login)
    return ProxyManager(proxy, proxy_headers=headers, ssl_context=_system_trust())
