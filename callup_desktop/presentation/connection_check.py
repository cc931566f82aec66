"""What the connection page says: hops, what each answered, secrets by name. No Qt; any thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Actor, Code
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import CheckResult
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.rows import Tone


class Secret(StrEnum):
    """What is typed into the page and kept in the keyring; the value is its entry there."""

    ACCESS_KEY_ID = "access_key_id"
    SECRET_ACCESS_KEY = "secret_access_key"  # noqa: S105 - the name of an entry
    MONGO_PASSWORD = "mongo_password"  # noqa: S105 - the name of an entry


class ConnectionWork(Protocol):
    """What the page has done for it, off the main thread: every call may block."""

    def stored(self) -> frozenset[str]:
        """Which secrets the keyring holds, by the names in Secret; raises CallError."""
        ...

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Keep these; whether they last beyond this run. Raises CallError, or ValueError where one is too long."""
        ...

    def run_checks(self) -> Iterator[CheckResult]:
        """Try every hop, in the order of CheckStep."""
        ...

    def adopt(self, file: Path) -> None:
        """Make a `.callup` file this computer's profile from the next start on; raises ProfileError."""
        ...


@dataclass(frozen=True, slots=True)
class HopLine:
    """One hop as it is shown."""

    hop: str
    title: str
    sign: str
    tone: Tone
    text: str


class CheckWriter(Translatable):
    """Says how each hop holds."""

    def __init__(self, messages: Messages) -> None:
        """Speak as the messages do."""
        super().__init__(messages.language)
        self._messages = messages

    def waiting(self, hop: str) -> HopLine:
        """A hop that was not tried yet."""
        return HopLine(hop, self._title(hop), "…", Tone.PLAIN, "")

    def line(self, answer: CheckResult) -> HopLine:
        """A hop that answered."""
        if answer.ok:
            return HopLine(answer.step, self._title(answer.step), "✓", Tone.OK, self._good(answer))
        return HopLine(answer.step, self._title(answer.step), "!", Tone.BAD, self._bad(answer))

    def summary(self, answers: tuple[CheckResult, ...]) -> tuple[Tone, str]:
        """The whole check in a line."""
        failed = [self._title(answer.step) for answer in answers if not answer.ok]
        if failed:
            return Tone.BAD, self.tr("Not reachable: {hops}").format(hops=", ".join(failed))
        return Tone.OK, self.tr("Everything is reachable")

    def place(self, profile: Profile) -> str:
        """Where recordings are stored."""
        return f"s3://{profile.bucket} · {profile.region}"

    def _title(self, hop: str) -> str:
        titles = {
            "keyring": self.tr("Keychain"),
            "clock": self.tr("Clock"),
            "tls": self.tr("Network"),
            "storage": self.tr("Storage"),
            "registry": self.tr("Call records"),
            "queue": self.tr("Transcription queue"),
        }
        return titles.get(hop, hop)

    def _good(self, answer: CheckResult) -> str:
        milliseconds = round(answer.seconds * 1000)
        words = {
            "keyring": self.tr("The keys can be read"),
            "clock": self.tr("Agrees with the storage's clock"),
            "tls": self.tr("The way to storage is trusted by this computer"),
            "storage": self.tr("Can start, upload and abort a multipart upload"),
            "registry": self.tr("Connected in {milliseconds} ms, can insert").format(milliseconds=milliseconds),
            "queue": self.tr("Connected in {milliseconds} ms").format(milliseconds=milliseconds),
        }
        return words.get(answer.step, "")

    def _bad(self, answer: CheckResult) -> str:
        trouble = Trouble(answer.code, datetime.now(UTC), answer.detail, answer.params)
        own = {
            Code.OFFLINE: self.tr("No network. Connect, then check again."),
            Code.CONNECTION: self.tr("No answer. Check the network, then check again."),
            Code.REGISTRY_UNREACHABLE: self.tr("The call list does not answer, or this network blocks it."),
            Code.REGISTRY_BUSY: self.tr("The call list answers that it is busy. Check again in a minute."),
            Code.QUEUE_UNREACHABLE: self.tr("The queue does not answer, or this network blocks it."),
            Code.REGISTRY_DENIED: self.tr("The call list refuses us."),
            Code.REGISTRY_REFUSED: self.tr("The call list refuses the shape of our calls."),
            Code.QUEUE_DENIED: self.tr("The queue refuses us."),
            Code.QUEUE_REFUSED: self.tr("The queue refuses our messages."),
            Code.ACCESS_DENIED: self.tr("Storage refuses us."),
        }
        sentence = own.get(Code(trouble.code)) if trouble.code in set(Code) else None
        parts = [sentence or self._messages.sentence(trouble)]
        if sentence and actor_of(trouble) is Actor.IT:
            parts.append(self.tr("Your admin needs to allow it."))
        if answer.detail:
            parts.append(f"({answer.detail})")
        return " ".join(parts)
