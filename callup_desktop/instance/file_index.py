"""Which call a file belongs to already: by what it is, and by where it lies. Whoever holds the lock of the copies."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from callup_desktop.engine.job import Job, State
from callup_desktop.files.identity import FileIdentity

_ENDED = frozenset({State.DONE, State.CANCELLED})
_READS_AGAIN = frozenset({State.QUEUED, State.PAUSED, State.FAILED})
"""States in which the next run looks at the file anew, and sends what it finds then."""

_Ids = defaultdict[object, dict[str, None]]


class FileIndex:
    """Live calls by their file, so that none of them is looked at in vain."""

    def __init__(self) -> None:
        self._by_identity: _Ids = defaultdict(dict)
        self._by_path: _Ids = defaultdict(dict)
        self._by_inode: _Ids = defaultdict(dict)
        self._inodes: dict[str, tuple[int, int]] = {}

    def expect(self, job_id: str, path: Path, identity: FileIdentity | None) -> None:
        """A front end adds this file; nobody has read it yet."""
        self._by_path[path][job_id] = None
        if identity is not None and identity.inode:
            self._inodes[job_id] = identity.device, identity.inode
            self._by_inode[self._inodes[job_id]][job_id] = None

    def change(self, before: Job | None, after: Job | None) -> None:
        """A call came (`before` is None), changed, or left (`after` is None)."""
        if before is not None and after is not None and _place_of(before) == _place_of(after):
            return
        if before is not None:
            _drop(self._by_path, before.path, before.id)
            _drop(self._by_identity, before.identity, before.id)
        if after is None or after.state in _ENDED:
            self._forget_inode(before or after)
            return
        self._by_path[after.path][after.id] = None
        if after.identity is not None and after.identity.inode:
            self._by_identity[after.identity][after.id] = None
            self._forget_inode(after)

    def candidates(self, path: Path, identity: FileIdentity | None) -> Iterator[str]:
        """Calls that may be of this file, those of the very same content first."""
        inode = (identity.device, identity.inode) if identity is not None and identity.inode else None
        for index, key in ((self._by_identity, identity), (self._by_inode, inode), (self._by_path, path)):
            if key is not None and key in index:
                yield from index[key]

    def _forget_inode(self, job: Job | None) -> None:
        if job is not None and (inode := self._inodes.pop(job.id, None)) is not None:
            _drop(self._by_inode, inode, job.id)


def _place_of(job: Job) -> object:
    return job.path, job.identity, job.state in _ENDED


def _drop(index: _Ids, key: object, job_id: str) -> None:
    if key in index:
        index[key].pop(job_id, None)
        if not index[key]:
            del index[key]


def is_call_of(job: Job, path: Path, identity: FileIdentity | None) -> bool:
    """Whether sending the file would send what this call sends already.

    A file that was replaced is another recording, unless the call has not read the old one to its end: then it sends
    the new one.
    """
    if job.state in _ENDED or job.turned_away:
        return False
    if job.identity is None or identity is None or not identity.inode:
        return job.path == path or job.identity is None
    if job.identity == identity:
        return True
    if job.path != path or job.etag is not None:
        return False
    in_place = (job.identity.device, job.identity.inode) == (identity.device, identity.inode)
    return job.state in _READS_AGAIN or (job.state is State.RUNNING and in_place)
