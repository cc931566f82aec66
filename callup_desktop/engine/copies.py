"""Which drafts hold a recording that is in the list already. A pure function, any thread."""

from collections.abc import Mapping, Sequence

from callup_desktop.engine.job import Job, State


def copied_calls(jobs: Sequence[Job]) -> Mapping[str, str]:
    """The draft and the call whose recording it repeats, by ids; `jobs` have one recording, in the order of reading.

    A draft repeats what was read before it, and a call on its way wherever that stands, unless that was sent as the
    second one on purpose. A registered call is repeated by nothing here: its date is a fact of the draft.
    """
    originals = [job for job in jobs if job.registered_at is None and job.state is not State.CANCELLED]
    under_way = next((job for job in originals if job.state is not State.DRAFT and not job.send_again), None)
    first = next(iter(originals), None)
    if first is None:
        return {}
    later = {job.id: first.id for job in jobs[jobs.index(first) + 1 :]}
    found = later if under_way is None else {job.id: under_way.id for job in jobs}
    return {job.id: found[job.id] for job in jobs if job.state is State.DRAFT and job.id in found}
