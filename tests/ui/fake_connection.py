"""A connection in memory: keeps secrets, answers step by step, takes any .callup file that loads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.config.profiles import ProfileChange
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.ports import STRAIGHT_STEPS, CheckResult, CheckStep

ANSWERS = (
    *(CheckResult(step, ok=True, seconds=0.041) for step in STRAIGHT_STEPS if step is not CheckStep.QUEUE),
    CheckResult(
        CheckStep.QUEUE,
        ok=False,
        code=Code.QUEUE_DENIED,
        detail="AccessDenied for sqs:SendMessage",
        seconds=0.041,
    ),
)


@dataclass
class FakeConnection:
    """Implements ConnectionWork."""

    answers: tuple[CheckResult, ...] = ANSWERS
    kept: dict[str, str] = field(
        default_factory=lambda: {"access_key_id": "k", "secret_access_key": "s", "mongo_password": "p"}
    )
    lasting: bool = True
    old: Profile | None = None
    locked: bool = False
    through: str = ""
    adopted: list[Path] = field(default_factory=list)
    agreed: list[tuple[bool, bool]] = field(default_factory=list)

    def proxy(self) -> str:
        """See ConnectionWork."""
        return self.through

    def stored(self) -> Mapping[str, str]:
        """See ConnectionWork."""
        return {name: value[-4:] if name == "access_key_id" else "" for name, value in self.kept.items()}

    def forget(self) -> None:
        """See ConnectionWork."""
        if self.locked:
            raise AccountError(Code.KEYRING_LOCKED)
        self.kept.clear()

    def save(self, secrets: Mapping[str, str]) -> bool:
        """See ConnectionWork."""
        if any(len(value) > 1279 for value in secrets.values()):
            raise ValueError("too long")
        self.kept |= secrets
        return self.lasting

    def run_checks(self) -> Iterator[CheckResult]:
        """See ConnectionWork."""
        yield from self.answers

    def preview(self, file: Path) -> ProfileChange:
        """See ConnectionWork."""
        return ProfileChange(file, file.read_bytes(), load_profile(file), self.old)

    def adopt(self, change: ProfileChange, *, with_keys: bool = False, with_calls: bool = False) -> None:
        """See ConnectionWork."""
        self.adopted.append(change.file)
        self.agreed.append((with_keys, with_calls))
