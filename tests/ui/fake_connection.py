"""A connection in memory: keeps secrets, answers hop by hop, takes any .callup file that loads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callup_desktop.config.profile import load_profile
from callup_desktop.engine.errors import Code
from callup_desktop.presentation.connection_check import HopAnswer


@dataclass(frozen=True)
class Answer:
    """One hop's answer."""

    hop: str
    ok: bool = True
    code: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)
    detail: str = ""
    seconds: float = 0.041


ANSWERS = (
    Answer("keyring"),
    Answer("clock"),
    Answer("tls"),
    Answer("storage"),
    Answer("registry"),
    Answer("queue", ok=False, code=Code.QUEUE_DENIED, detail="AccessDenied for sqs:SendMessage"),
)


@dataclass
class FakeConnection:
    """Implements ConnectionWork."""

    answers: tuple[Answer, ...] = ANSWERS
    kept: dict[str, str] = field(
        default_factory=lambda: {"access_key_id": "k", "secret_access_key": "s", "mongo_password": "p"}
    )
    lasting: bool = True
    adopted: list[Path] = field(default_factory=list)

    def stored(self) -> frozenset[str]:
        """See ConnectionWork."""
        return frozenset(self.kept)

    def save(self, secrets: Mapping[str, str]) -> bool:
        """See ConnectionWork."""
        if any(len(value) > 1279 for value in secrets.values()):
            raise ValueError("too long")
        self.kept |= secrets
        return self.lasting

    def run_checks(self) -> Iterator[HopAnswer]:
        """See ConnectionWork."""
        yield from self.answers

    def adopt(self, file: Path) -> None:
        """See ConnectionWork."""
        load_profile(file)
        self.adopted.append(file)
