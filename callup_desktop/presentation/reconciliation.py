"""What is said of a day whose calls were compared in all places. No Qt; any thread."""

from collections.abc import Mapping
from datetime import date, datetime

from callup_desktop.calls.reconciliation import DayReport, Difference, FallenCall, Stage
from callup_desktop.presentation.language import Language, Translatable
from callup_desktop.presentation.units import Units


class ReconciliationWriter(Translatable):
    """Names of stages and differences, and sentences about them."""

    def __init__(self, language: Language | None = None) -> None:
        super().__init__(language)
        self._units = Units(self.language)

    def stage(self, stage: Stage) -> str:
        """The name of a stage."""
        return {
            Stage.SENT: self.tr("Sent"),
            Stage.STORED: self.tr("Stored"),
            Stage.REGISTERED: self.tr("Registered"),
            Stage.ANNOUNCED: self.tr("Announced"),
            Stage.TRANSCRIBED: self.tr("Transcribed"),
        }[stage]

    def under_way(self) -> str:
        """The name of the calls whose time is not over."""
        return self.tr("Under way")

    def verdict(self, report: DayReport) -> str:
        """Whether all is well, in one short sentence."""
        if not report.agrees:
            return self.tr("%n difference(s)", None, sum(report.differences.values()))
        if not report.stages[Stage.SENT]:
            return self.tr("No calls")
        if report.under_way:
            return self.tr("All agree so far")
        return self.tr("All agree")

    def difference(self, difference: Difference) -> str:
        """Its name, in a few words."""
        return self._words[difference][0]

    def advice(self, difference: Difference) -> str:
        """What it means, and what to do."""
        return self._words[difference][1]

    def detail(self, fallen: FallenCall) -> str:
        """What is to be seen of one call: sizes, a status; "" if nothing."""
        if fallen.difference is Difference.SIZE_DIFFERS and fallen.stored_size is not None:
            stored = self._units.size(fallen.stored_size)
            if fallen.registered_size is None or stored == self._units.size(fallen.registered_size):
                return self.tr("stored: %n byte(s)", None, fallen.stored_size)
            registered = self._units.size(max(0, fallen.registered_size))
            return self.tr("stored: {stored}, registered: {registered}").format(stored=stored, registered=registered)
        if fallen.difference in {Difference.FAILED, Difference.STUCK} and fallen.status:
            return self.tr("status: {status}").format(status=fallen.status)
        return ""

    def more(self, count: int) -> str:
        """That some calls are not shown."""
        return self.tr("%n more", None, count)

    @property
    def _words(self) -> Mapping[Difference, tuple[str, str]]:
        return {
            Difference.NOT_REGISTERED: (
                self.tr("Stored, not registered"),
                self.tr("The recording is stored, but not in the call list. Its laptop still has to register it."),
            ),
            Difference.OBJECT_MISSING: (
                self.tr("Recording missing"),
                self.tr("The call list names a recording that is not stored: it was deleted, or its time is over."),
            ),
            Difference.SIZE_DIFFERS: (
                self.tr("Size differs"),
                self.tr("The stored recording has another size than the one that was sent."),
            ),
            Difference.CONTENT_DIFFERS: (
                self.tr("Content differs"),
                self.tr("The stored recording is not the one whose checksum was verified. Somebody wrote over it."),
            ),
            Difference.DOCUMENT_GONE: (
                self.tr("Gone from the call list"),
                self.tr("The gateway registered the call, and the call list no longer has it."),
            ),
            Difference.DOUBLED: (
                self.tr("Registered twice"),
                self.tr("Several entries of the call list name the same recording."),
            ),
            Difference.NOT_ANNOUNCED: (
                self.tr("Not announced"),
                self.tr("Its message still waits at the gateway. Look at the queue, and at the gateway's log."),
            ),
            Difference.NOT_TAKEN_UP: (
                self.tr("Not taken up"),
                self.tr(
                    "The pipeline has not begun with it within an hour. Look at the transcription worker; the gateway "
                    "sends the message again by itself, a laptop with: callup announce."
                ),
            ),
            Difference.STUCK: (
                self.tr("Stuck"),
                self.tr("The pipeline began with it, and has not moved for six hours."),
            ),
            Difference.FAILED: (self.tr("Processing failed"), self.tr("The pipeline gave up on it.")),
            Difference.UPLOAD_OPEN: (
                self.tr("Upload not finished"),
                self.tr("It goes on by itself once its laptop is back. Storage forgets it after the days of its rule."),
            ),
            Difference.ROW_LEFT_OVER: (
                self.tr("Left at the gateway"),
                self.tr("The gateway could neither finish nor remove it. Its log tells why, by the call's id."),
            ),
        }


class ReconciliationConsole(Translatable):
    """What only the console says of it."""

    def day(self) -> str:
        """Of the column with the day."""
        return self.tr("day (UTC)")

    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Of the calls that fall out: the title of each column, and whether its cells are short enough for one line."""
        return (
            (self.day(), True),
            (self.tr("call id"), True),
            (self.tr("why"), True),
            (self.tr("since (UTC)"), True),
            (self.tr("sent by"), False),
            (self.tr("detail"), False),
        )

    def result(self) -> str:
        """Of the column with the verdict."""
        return self.tr("result")

    def no_report(self, day: str) -> str:
        """That a day could not be compared to its end."""
        return self.tr("{day}: no report, because not everything could be read.").format(day=day)


class ReconciliationPage(Translatable):
    """What only the operator's page says of it. All its times are UTC."""

    def product(self) -> str:
        """Whose page it is."""
        return self.tr("CallUp operator")

    def headline(self, day: date) -> str:
        """What the page is about."""
        return self.tr("Calls of {day} {year}").format(day=self.language.day(day), year=day.year)

    def lead(self, report: DayReport) -> str:
        """The verdict once more, as a whole sentence."""
        if not report.agrees:
            return self.tr("The calls below fall out. Each is told once for each difference.")
        if not report.stages[Stage.SENT]:
            return self.tr("Nothing of a call was sent on this day.")
        if report.under_way:
            return self.tr("%n call(s) still under way, with time for it.", None, report.under_way)
        return self.tr("Every call that was sent is stored, registered, announced and transcribed.")

    def place(self, stage: Stage) -> str:
        """Where the calls of a stage are found."""
        return {
            Stage.SENT: self.tr("by laptops and dialers"),
            Stage.STORED: self.tr("in the bucket"),
            Stage.REGISTERED: self.tr("in the call list"),
            Stage.ANNOUNCED: self.tr("through the queue"),
            Stage.TRANSCRIBED: self.tr("by the pipeline"),
        }[stage]

    def fewer(self, count: int) -> str:
        """How many of the calls that were sent did not reach a stage."""
        return self.tr("%n fewer", None, count) if count else self.tr("all")

    def choose(self) -> tuple[str, str, str, str]:
        """Of the day's field: its label and its button; of the links: the day before, the day after."""
        return self.tr("Day (UTC)"), self.tr("Show"), self.tr("Day before"), self.tr("Day after")

    def columns(self) -> tuple[str, str, str, str]:
        """Titles of the calls that fall out."""
        return self.tr("Call"), self.tr("Since (UTC)"), self.tr("Sent by"), self.tr("Detail")

    def left_off(self, count: int) -> str:
        """That not all are listed."""
        return self.tr("%n more are not listed here: callup reconcile --json tells all.", None, count)

    def compared_at(self, moment: datetime) -> str:
        """When the places were asked."""
        time = self.language.time(moment, seconds=True)
        return self.tr("Compared at {time} UTC. Within a minute a reload shows the same.").format(time=time)

    def as_json(self) -> str:
        """Of the link to the same as JSON."""
        return self.tr("The same as JSON")

    def comparing(self) -> tuple[str, str]:
        """That it takes longer: a title and a sentence."""
        return self.tr("Comparing…"), self.tr("This page shows the day as soon as it is compared.")

    def sign_in(self) -> tuple[str, str]:
        """That the reader is not known: a title and a sentence."""
        return (
            self.tr("Please sign in"),
            self.tr(
                "Your browser asks for a name and a password. Any name will do; the password is your token for the "
                "gateway, with the role calls:operate. Reload this page to be asked again."
            ),
        )

    def no_report(self) -> str:
        """That a place could not be read to its end."""
        return self.tr("No report: not everything could be read")

    def no_day(self) -> str:
        """That what was asked for is no day."""
        return self.tr("That is no day. Days look like 2026-11-27.")

    def try_again(self) -> str:
        """Of the link that asks once more."""
        return self.tr("Try again")
