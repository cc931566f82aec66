"""Which company a recording's name mentions: one of past calls, or a word that may be one. No Qt; any thread.

Zoom keeps each recording under a general name in a folder with the date and the topic of the meeting, so the folder is
read too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from callup_desktop.calls.metadata import Details

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LEAST_LETTERS = 3
"""A shorter word names no company by itself."""
_COMMON_WORDS = frozenset(
    {
        *("a", "and", "the", "with", "for", "from", "new", "our", "my", "copy", "final", "edited", "export", "file"),
        *("audio", "only", "video", "voice", "sound", "track", "part", "rec", "recording", "recorded", "record"),
        *("call", "calls", "phone", "voicemail", "memo", "chat", "session", "conversation", "interview", "untitled"),
        *("meeting", "meetings", "webinar", "conference", "room", "personal", "shared", "screen", "gallery", "speaker"),
        *("view", "zoom", "teams", "webex", "gmt", "demo", "discovery", "followup", "follow", "intro", "kickoff"),
        *("notes", "onboarding", "quarterly", "weekly", "monthly", "review", "sales", "support", "sync", "up", "test"),
        *("anruf", "anrufe", "aufnahme", "aufzeichnung", "besprechung", "termin", "gespräch", "kopie", "neue", "mit"),
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:['’&.][^\W\d_]+)*")  # noqa: RUF001 - the apostrophe of typographers
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}\b")
_DEFAULT_TOPIC = re.compile(r".*['’]s (zoom meeting|personal meeting room)\b|zoom[- ]meeting von .*", re.IGNORECASE)  # noqa: RUF001 - the apostrophe of typographers


@dataclass(frozen=True, slots=True)
class _Company:
    """A company of a past call, with the words of its name in small letters."""

    name: str
    words: tuple[str, ...]


class CompanyNames:
    """Knows the companies of past calls."""

    def __init__(self, past: Sequence[Details]) -> None:
        """`past` are the details of earlier calls."""
        companies = {details.company_name: _lower_words(details.company_name) for details in past}
        self._by_first_word: dict[str, list[_Company]] = {}
        for name, words in companies.items():
            if words:
                self._by_first_word.setdefault(words[0], []).append(_Company(name, words))

    def guess(self, path: PurePath) -> str:
        """The company that the file's name mentions, else the one that its folder does; "" where it is not clear."""
        own, folder = _words(path.stem), _words(path.parent.name)
        for words in (own, folder):
            known = self._known_in([word.lower() for word in words])
            if known is not None:
                return known
        return next(_candidates(own), "") or next(_candidates(topic_words(path)), "")

    def _known_in(self, words: Sequence[str]) -> str | None:
        """The company of a past call that these words name best, "" if several do so alike, None if none does."""
        best, names = (False, 0), dict[str, None]()
        for start, word in enumerate(words):
            for company in self._by_first_word.get(word, ()):
                found = _rank(company, words[start:])
                if found > best:
                    best, names = found, {company.name: None}
                elif found == best and best[1]:
                    names[company.name] = None
        if not names:
            return None
        # Of companies that are named in full the first one counts; half a name that fits several tells none of them.
        return next(iter(names)) if len(names) == 1 or best[0] else ""


def topic_words(path: PurePath) -> tuple[str, ...]:
    """The words of the meeting's topic, where the folder is one that Zoom makes: its name begins with a date."""
    return _words(_DEFAULT_TOPIC.sub(" ", path.parent.name)) if _DATED.match(path.parent.name) else ()


def call_types_in(path: PurePath, call_types: Iterable[str]) -> set[str]:
    """The call types that the file's name mentions, else those of the meeting's topic."""
    own, topic = " ".join(_lower_words(path.stem)), " ".join(topic_words(path)).lower()
    kinds = tuple(call_types)
    return _kinds_in(own, kinds) or _kinds_in(topic, kinds)


def _kinds_in(text: str, kinds: Sequence[str]) -> set[str]:
    return {kind for kind in kinds if re.search(rf"\b{re.escape(kind)}\b", text)}


def _rank(company: _Company, words: Sequence[str]) -> tuple[bool, int]:
    """Whether these words begin with the whole name, and with how many of its words; (False, 0) for no name."""
    count = 0
    while count < min(len(company.words), len(words)) and company.words[count] == words[count]:
        count += 1
    whole = count == len(company.words)
    telling = any(len(word) >= _LEAST_LETTERS and word not in _COMMON_WORDS for word in company.words[:count])
    return (whole, count) if telling or (whole and count > 1) else (False, 0)


def _candidates(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        if len(word) >= _LEAST_LETTERS and word.lower() not in _COMMON_WORDS:
            yield word[:1].upper() + word[1:]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(EMAIL.sub(" ", text.replace("_", " "))))


def _lower_words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _words(text))
