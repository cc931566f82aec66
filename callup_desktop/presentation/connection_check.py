"""What the connection page says about each step of the check, and the secrets it keeps. No Qt; any thread."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.errors import Actor, Code, info_of
from callup_desktop.engine.ports import CheckResult
from callup_desktop.files.errors import Params
from callup_desktop.presentation.language import Translatable
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.rows import Tone


class Secret(StrEnum):
    """A secret that the rep types and the keyring keeps; the value is the name of its entry there."""

    ACCESS_KEY_ID = "access_key_id"
    SECRET_ACCESS_KEY = "secret_access_key"  # noqa: S105 - the name of an entry
    MONGO_PASSWORD = "mongo_password"  # noqa: S105 - the name of an entry
    MONGO_KEY_PASSWORD = "mongo_key_password"  # noqa: S105 - the name of an entry
    GATEWAY_TOKEN = "gateway_token"  # noqa: S105 - the name of an entry
    PROXY_LOGIN = "proxy_login"


class ConnectionWork(Protocol):
    """The work behind the connection page; every call may block, so it runs off the main thread."""

    def stored(self) -> Mapping[str, str]:
        """The secrets that the keyring holds, by the values of Secret, each with its end as far as it may be shown.

        Raises CallError.
        """
        ...

    def proxy(self) -> str:
        """The proxy before storage that may want a login, "" for none."""
        ...

    def save(self, secrets: Mapping[str, str]) -> bool:
        """Keep these; returns whether they outlast this run. Raises CallError, or ValueError if one is too long."""
        ...

    def forget(self) -> None:
        """Remove every secret of the profile from this computer; raises CallError."""
        ...

    def run_checks(self) -> Iterator[CheckResult]:
        """Run every step, in the order of a call."""
        ...

    def preview(self, file: Path) -> ProfileChange:
        """What importing a `.callup` file would change; raises ProfileError."""
        ...

    def adopt(self, change: ProfileChange, *, with_keys: bool = False, with_calls: bool = False) -> None:
        """Make it this computer's profile from the next start on, as the rep agreed; raises OSError, CallError."""
        ...


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One step of the check as the page shows it."""

    step: str
    title: str
    symbol: str
    tone: Tone
    text: str


class CheckSummary(NamedTuple):
    """A whole check in one line, and the steps that failed."""

    tone: Tone
    text: str
    failed: frozenset[str]


class CheckWriter(Translatable):
    """Writes the result of each step in one language."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages.language)
        self._messages = messages

    def waiting(self, step: str) -> CheckLine:
        """A step that has no result yet."""
        return CheckLine(step, self._title(step), "…", Tone.PLAIN, "")

    def line(self, result: CheckResult, earlier: tuple[CheckResult, ...] = ()) -> CheckLine:
        """A step with its result; a fault that one of the `earlier` results told is not told again."""
        if result.ok:
            return CheckLine(result.step, self._title(result.step), "✓", Tone.OK, self._good(result))
        told = next((other for other in earlier if _is_same_fault(other, result)), None)
        text = self.tr("Needs this first: {step}").format(step=self._title(told.step)) if told else self._bad(result)
        return CheckLine(result.step, self._title(result.step), "!", Tone.BAD, text)

    def summary(self, results: tuple[CheckResult, ...]) -> CheckSummary:
        """The whole check in one line, with each fault once."""
        failed = frozenset(result.step.value for result in results if not result.ok)
        titles = [
            self._title(result.step)
            for number, result in enumerate(results)
            if not result.ok and not any(_is_same_fault(other, result) for other in results[:number])
        ]
        if failed:
            return CheckSummary(Tone.BAD, self.tr("Not working: {steps}").format(steps=", ".join(titles)), failed)
        return CheckSummary(Tone.OK, self.tr("Everything is reachable"), failed)

    def _title(self, step: str) -> str:
        titles = {
            "sign_in": self.tr("Sign-in"),
            "gateway": self.tr("Your company's server"),
            "keyring": self.tr("Keychain"),
            "clock": self.tr("Clock"),
            "tls": self.tr("Network"),
            "storage": self.tr("Storage"),
            "registry": self.tr("Call records"),
            "queue": self.tr("Transcription queue"),
        }
        return titles.get(step, step)

    def _good(self, result: CheckResult) -> str:
        milliseconds = round(result.seconds * 1000)
        words = {
            "sign_in": self.tr("Signed in"),
            "gateway": self.tr("Knows this computer, answers in {milliseconds} ms").format(milliseconds=milliseconds),
            "keyring": self.tr("The keys can be read"),
            "clock": self.tr("Agrees with the storage's clock"),
            "tls": self.tr("The way to storage is trusted by this computer"),
            "storage": self.tr("Can start, upload and abort a multipart upload"),
            "registry": self.tr("Connected in {milliseconds} ms, can insert").format(milliseconds=milliseconds),
            "queue": self.tr("Connected in {milliseconds} ms").format(milliseconds=milliseconds),
        }
        return words.get(result.step, "")

    def _bad(self, result: CheckResult) -> str:
        return f"{self.sentence(result)} ({result.detail})" if result.detail else self.sentence(result)

    def sentence(self, result: CheckResult) -> str:
        """Why a step fails and what to do."""
        return self.of_code(result.code, result.params)

    def of_code(self, code: str, params: Params) -> str:
        """Why it fails and what to do; it is for a person who asked, so it never says that it will be retried."""
        own: Mapping[str, str] = {
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
            Code.NO_CREDENTIALS: self.tr("There are no keys for storage on this computer yet."),
            Code.NO_REGISTRY_PASSWORD: self.tr("There is no password for the call list on this computer yet."),
            Code.TOKEN_MISSING: self.tr("There is no token for your company's server on this computer yet."),
            Code.TOKEN_REFUSED: self.tr("Your company's server doesn't accept the token of this computer."),
            Code.GATEWAY_ADDRESS: self.tr("What answers at this address is not your company's server."),
            Code.KEYS_WRONG: self.tr("The secret key doesn't belong to the access key: one of them is mistyped."),
            Code.REGISTRY_LOGIN: self.tr("The call list doesn't accept the password."),
        }
        if code not in own:
            return self._messages.of_code(code, params)
        needs_it = info_of(code).actor is Actor.IT
        advice = self.tr("Your admin needs to allow it.") if needs_it else ""
        return f"{own[code]} {advice}".rstrip()


def _is_same_fault(one: CheckResult, other: CheckResult) -> bool:
    return not one.ok and not other.ok and (one.code, one.params) == (other.code, other.params)
