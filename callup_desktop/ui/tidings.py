"""What is worth a notification: a batch that is done, a call that needs the rep. No Qt; main thread."""

from dataclasses import dataclass

from callup_desktop.ui.copies import Change, Copies, Standing, standing_of
from callup_desktop.ui.rows import Tone
from callup_desktop.ui.texts import Texts
from callup_desktop.ui.tongue import Spoken


@dataclass(frozen=True, slots=True)
class Tiding:
    """One notification."""

    tone: Tone
    title: str
    text: str


class Tidings(Spoken):
    """Watches the changes; each call needs the rep once until it moves again."""

    def __init__(self, texts: Texts) -> None:
        """Speak as the texts do."""
        super().__init__(texts.tongue)
        self._texts = texts
        self._sent: list[str] = []
        self._told: set[str] = set()

    def take(self, changes: list[Change], copies: Copies, *, unsent: int) -> Tiding | None:
        """What these changes are worth telling, None if nothing; `unsent` calls are still on their way."""
        if any(change.reset for change in changes):
            self._told = {job.id for job in copies.jobs.values() if standing_of(job) is Standing.NEEDS_REP}
            self._sent.clear()
            return None
        self._sent += [change.sent.path.name for change in changes if change.sent is not None]
        touched = {job_id for change in changes for job_id in (*change.touched, *change.arrived)}
        return self._needing(touched, copies) or self._done(unsent)

    def _needing(self, touched: set[str], copies: Copies) -> Tiding | None:
        jobs = [job for job_id in touched if (job := copies.jobs.get(job_id)) is not None]
        needing = [job for job in jobs if standing_of(job) is Standing.NEEDS_REP and job.submitted_at is not None]
        self._told -= {job.id for job in jobs if standing_of(job) is not Standing.NEEDS_REP}
        new = [job for job in needing if job.id not in self._told]
        self._told |= {job.id for job in new}
        if not new:
            return None
        if len(new) > 1:
            return Tiding(Tone.BAD, self.tr("%n calls need you", None, len(new)), "")
        trouble = new[0].trouble
        text = self._texts.sentence(trouble) if trouble else ""
        return Tiding(Tone.BAD, self.tr("{name} needs you").format(name=new[0].path.name), text)

    def _done(self, unsent: int) -> Tiding | None:
        if unsent or not self._sent:
            return None
        names, self._sent = self._sent, []
        text = self.tr("They have arrived; the transcripts will begin shortly.")
        if len(names) == 1:
            text = self.tr("{name} has arrived; the transcript will begin shortly.").format(name=names[0])
        return Tiding(Tone.OK, self.tr("%n call(s) sent", None, len(names)), text)
