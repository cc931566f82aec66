"""The queue in words: banner and status line. No Qt; owned by the main thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callup_desktop.engine.errors import Actor, Code
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import CheckStep
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.rows import Tone
from callup_desktop.presentation.view_state import Hop, Phase, ViewState

_SEEN_TO_ON_CONNECTION = frozenset(
    {Code.NO_CREDENTIALS, Code.NO_REGISTRY_PASSWORD, Code.SIGN_IN, Code.KEYS_WRONG, Code.KEYS_REVOKED}
    | {Code.REGISTRY_LOGIN, Code.PROXY_LOGIN, Code.TOKEN_MISSING, Code.TOKEN_REFUSED}
)

_DISPROVED_BY: Mapping[str, tuple[Hop, ...]] = {
    CheckStep.SIGN_IN: (Hop.REGISTRY, Hop.QUEUE),
    CheckStep.GATEWAY: (Hop.REGISTRY, Hop.QUEUE),
    CheckStep.KEYRING: (Hop.STORAGE,),
    CheckStep.CLOCK: (Hop.STORAGE,),
    CheckStep.TLS: (Hop.STORAGE,),
    CheckStep.STORAGE: (Hop.STORAGE,),
    CheckStep.REGISTRY: (Hop.REGISTRY,),
    CheckStep.QUEUE: (Hop.QUEUE,),
}
"""The services that answer only if that step of a check would hold; a gateway answers for registry and queue."""


class Remedy(StrEnum):
    """What the rep can do about an alert."""

    CHECK_AGAIN = "check_again"
    COPY_FOR_IT = "copy_for_it"
    SEND_ANYWAY = "send_anyway"
    OPEN_SIGN_IN = "open_sign_in"
    """Of a network."""
    SIGN_IN = "sign_in"
    OPEN_CONNECTION = "open_connection"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Alert:
    """What a banner shows: a bold `lead`, a `text`, and buttons for the remedies."""

    tone: Tone
    lead: str
    text: str
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The texts of the status bar; each may be empty. `idle` is shown at the right while nothing moves.

    `overall` tells how far all calls are, together.
    """

    tone: Tone
    place: str
    rate: str
    queue: str
    idle: str
    overall: str = ""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """What the last check of the connection found, when, and the steps that failed."""

    tone: Tone
    text: str
    failed: frozenset[str]
    at: datetime

    def is_disproved(self, answered_at: Mapping[Hop, datetime]) -> bool:
        """Whether each service behind a step that failed has answered since."""
        return all(
            any(answered_at.get(hop, self.at) > self.at for hop in _DISPROVED_BY.get(step, ())) for step in self.failed
        )


@dataclass(frozen=True, slots=True)
class Hints:
    """What the operating system says about the network, and whether the rep wants to send over a metered one.

    A hint changes what is said and saves mobile data. It never decides whether the network works.
    """

    metered: bool = False
    portal: bool = False
    send_metered: bool = False

    @property
    def holds(self) -> bool:
        """Whether sending waits to save mobile data."""
        return self.metered and not self.send_metered


class QueueSummary(Translatable):
    """Sums up the queue in one language."""

    def __init__(self, messages: Messages, place: str, *, signs_in: bool = False) -> None:
        """`place` is where calls are sent, such as "Acme Sales · eu-west-1"; `signs_in` where the browser does that."""
        super().__init__(messages.language)
        self._signs_in = signs_in
        self._messages = messages
        self._place = place

    def unsent(self, state: ViewState) -> int:
        """The number of calls that are being sent or wait for it."""
        counts = state.counts
        return counts[Phase.SENDING] + counts[Phase.REGISTERING] + counts[Phase.WAITING]

    def alert(self, state: ViewState, hints: Hints) -> Alert | None:
        """The alert that matters most, or None."""
        status = state.status
        if state.stop_reason is not None:
            return self._account_alert(state.stop_reason)
        if status is not None and status.blocked is not None:
            return self._account_alert(status.blocked)
        if hints.portal:
            return Alert(
                Tone.WARNING,
                self._messages.of_code(Code.CAPTIVE_PORTAL),
                self._kept(self.unsent(state)),
                (Remedy.OPEN_SIGN_IN, Remedy.CHECK_AGAIN),
            )
        if status is not None and not status.online:
            return Alert(Tone.WARNING, self.tr("You are offline."), self._kept(self.unsent(state)))
        if hints.holds and self.unsent(state):
            return Alert(
                Tone.WARNING,
                self.tr("Paused to save mobile data."),
                self._kept(self.unsent(state)),
                (Remedy.SEND_ANYWAY,),
            )
        return None

    def _kept(self, count: int) -> str:
        if count == 0:
            return ""
        if count == 1:
            return self.tr("1 call is kept here and will be sent when you are back online.")
        return self.tr("%n calls are kept here and will be sent when you are back online.", None, count)

    def _account_alert(self, trouble: Trouble) -> Alert:
        sentence = self._messages.sentence(trouble)
        if trouble.code == Code.CAPTIVE_PORTAL:
            return Alert(Tone.WARNING, sentence, "", (Remedy.OPEN_SIGN_IN, Remedy.CHECK_AGAIN))
        if trouble.code == Code.SIGN_IN and self._signs_in:
            return Alert(Tone.WARNING, sentence, "", (Remedy.SIGN_IN,))
        opener = (Remedy.OPEN_CONNECTION,) if trouble.code in _SEEN_TO_ON_CONNECTION else ()
        if actor_of(trouble) is Actor.IT:
            return Alert(Tone.BAD, sentence, "", (*opener, Remedy.COPY_FOR_IT, Remedy.CHECK_AGAIN))
        if opener:
            return Alert(Tone.WARNING, sentence, "", (*opener, Remedy.CHECK_AGAIN))
        return Alert(Tone.WARNING, sentence, "", (Remedy.CHECK_AGAIN,))

    def status_line(
        self, state: ViewState, hints: Hints, *, newer: str = "", checked: LastCheck | None = None
    ) -> StatusLine:
        """The status line; `newer` is the version that can be installed, "" if this is the newest."""
        status = state.status
        online = status is None or status.online
        rate = f"↑ {self._messages.units.rate(state.rate)}" if state.rate > 0 and online else ""
        queue = " · ".join(self._counted(state))
        idle = "" if queue or not state.is_known else self._idle(newer, paused=status is not None and status.paused)
        tone, place = self._connection(state, hints, checked)
        return StatusLine(tone, place, rate, queue, idle)

    def can_pause(self, state: ViewState) -> bool:
        """Whether anything is on its way that pausing everything would stop."""
        status = state.status
        return status is not None and not status.paused and status.running + status.waiting > 0

    def can_resume(self, state: ViewState) -> bool:
        """Whether everything is paused, or some calls are and nothing else is on its way."""
        status = state.status
        paused = status is not None and status.paused
        return paused or (state.counts[Phase.PAUSED] > 0 and not self.can_pause(state))

    def _counted(self, state: ViewState) -> Iterator[str]:
        """How many calls stand where: every call of the lists once."""
        counts = state.counts
        incomplete, needs = counts[Phase.DRAFT] - state.ready, counts[Phase.NEEDS_REP]
        texts = {
            self.tr("%n uploading", None, counts[Phase.SENDING]): counts[Phase.SENDING],
            self.tr("%n registering", None, counts[Phase.REGISTERING]): counts[Phase.REGISTERING],
            self.tr("%n waiting", None, counts[Phase.WAITING]): counts[Phase.WAITING],
            self.tr("%n paused", None, counts[Phase.PAUSED]): counts[Phase.PAUSED],
            self.tr("%n being checked", None, counts[Phase.CHECKING]): counts[Phase.CHECKING],
            self.tr("%n ready", None, state.ready): state.ready,
            self.tr("1 needs details") if incomplete == 1 else self.tr("%n need details", None, incomplete): incomplete,
            self.tr("1 needs you") if needs == 1 else self.tr("%n need you", None, needs): needs,
            self.tr("%n being removed", None, counts[Phase.LEAVING]): counts[Phase.LEAVING],
        }
        return (text for text, count in texts.items() if count)

    def _idle(self, newer: str, *, paused: bool) -> str:
        if paused:
            return self.tr("Paused: new calls wait until you resume")
        if newer:
            return self.tr("Version {version} is available").format(version=newer)
        return self.tr("Nothing waiting")

    def _connection(self, state: ViewState, hints: Hints, checked: LastCheck | None) -> tuple[Tone, str]:
        status = state.status
        trouble = state.stop_reason or (status.blocked if status else None)
        if trouble is not None:
            bad = actor_of(trouble) is Actor.IT
            return Tone.BAD if bad else Tone.WARNING, self._messages.chip(trouble)
        if status is None:
            return Tone.PLAIN, self.tr("Starting…")
        if not status.online:
            return Tone.WARNING, self.tr("Offline since {time}").format(time=self._since(status.since))
        if status.passing is not None:
            return Tone.WARNING, self._messages.chip(status.passing)
        if hints.holds:
            return Tone.WARNING, self.tr("Paused to save mobile data")
        if state.rate > 0:
            return Tone.OK, self.tr("Connected to {place}").format(place=self._place)
        return self._as_last_seen(state.answered_at, checked)

    def _as_last_seen(self, answered_at: Mapping[Hop, datetime], checked: LastCheck | None) -> tuple[Tone, str]:
        """What is known while nothing moves: it is as old as the last answer of a service."""
        moments = list(answered_at.values())
        if checked is not None and checked.failed and not checked.is_disproved(answered_at):
            return checked.tone, checked.text
        if checked is not None and not checked.failed:
            moments.append(checked.at)
        if not moments:
            return Tone.PLAIN, self.tr("{place}, not checked yet").format(place=self._place)
        time = self._since(max(moments))
        return Tone.OK, self.tr("Connected to {place}, checked at {time}").format(place=self._place, time=time)

    def _since(self, moment: datetime) -> str:
        return self._messages.units.clock(moment, seconds=False)
