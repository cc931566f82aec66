"""What the connection page says: hops, what each answered, secrets by name. No Qt; any thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from callup_desktop.config.profile import Profile
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.errors import Actor, Code, info_of
from callup_desktop.engine.ports import CheckResult
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
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

    def preview(self, file: Path) -> ProfileChange:
        """What importing a `.callup` file would change; raises ProfileError."""
        ...

    def adopt(self, change: ProfileChange, *, with_keys: bool = False, with_calls: bool = False) -> None:
        """Make it this computer's profile from the next start on, as the rep agreed; raises OSError, CallError."""
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
        return f"{self.sentence(answer)} ({answer.detail})" if answer.detail else self.sentence(answer)

    def sentence(self, answer: CheckResult) -> str:
        """Why a hop does not hold, and what to do: in the words of somebody who asked, where waiting is no answer."""
        own: Mapping[str, str] = {
            Code.OFFLINE: self.tr("No network. Connect, then check again."),
            Code.CONNECTION: self.tr("No answer. Check the network, then check again."),
            Code.REGISTRY_UNREACHABLE: self.tr("The call list does not answer, or this network blocks it."),
            Code.QUEUE_UNREACHABLE: self.tr("The queue does not answer, or this network blocks it."),
            Code.REGISTRY_DENIED: self.tr("The call list refuses us."),
            Code.REGISTRY_REFUSED: self.tr("The call list refuses the shape of our calls."),
            Code.QUEUE_DENIED: self.tr("The queue refuses us."),
            Code.QUEUE_REFUSED: self.tr("The queue refuses our messages."),
            Code.ACCESS_DENIED: self.tr("Storage refuses us."),
        }
        if answer.code not in own:
            return self._messages.of_code(answer.code, answer.params)
        for_it = info_of(answer.code).actor is Actor.IT
        advice = self.tr("Your admin needs to allow it.") if for_it else ""
        return f"{own[answer.code]} {advice}".rstrip()
