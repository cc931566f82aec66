"""The posted form, read as it arrives: three fields, then the file. No I/O; belongs to one request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser

from callup_desktop.calls.metadata import Details, FieldProblem, FormProblem, IncompleteDetailsError, completed
from callup_desktop.engine.errors import Code
from callup_desktop.gateway.problems import FieldError, Problem, ProblemError, problem
from callup_desktop.presentation.messages import Messages

FILE = "file"
FIELDS = ("company_name", "contact_email", "call_type")
MOST_FIELD = 4 * 1024
MOST_PARTS = 32
_CHARSET = "latin-1"
"""It reads any byte: a file's name, which decides nothing, comes in whichever charset the client's system has."""
MOST_AROUND = 128 * 1024
"""Bytes of a form that are not the file's: boundaries, headers, fields."""


@dataclass(frozen=True, slots=True)
class FileBegun:
    """The file begins; the fields before it are complete and hold."""

    details: Details


@dataclass(frozen=True, slots=True)
class FileEnded:
    """The file's last byte was here."""


Event = FileBegun | bytes | FileEnded


def boundary_of(content_type: str) -> str:
    """The boundary of a multipart form; raises ProblemError 400 where there is none."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary.strip():
        raise broken(FormProblem.NO_FORM)
    return boundary


def broken(reason: FormProblem) -> ProblemError:
    """The form cannot be read, and why."""
    return problem(Code.FORM_BROKEN, reason=reason.value)


def field_errors(
    problems: Mapping[str, FieldProblem], fields: Mapping[str, str], messages: Messages
) -> tuple[FieldError, ...]:
    """What is wrong with each field, in words."""
    return tuple(
        FieldError(name, wrong, messages.field_problem(name, wrong, fields.get(name, "")))
        for name, wrong in problems.items()
    )


class Form:
    """One form. `feed` raises ProblemError 400 at the first thing that is wrong."""

    def __init__(self, boundary: str, call_types: tuple[str, ...], messages: Messages) -> None:
        self._call_types = call_types
        self._messages = messages
        self._fields: dict[str, str] = {}
        self._name = ""
        self._value = b""
        self._is_other_file = False
        """The part is a file by a name that nobody asks for: it may be anything, and nothing is kept of it."""
        self._has_file = False
        self._in_file = False
        self._complete = False
        self._fed = 0
        self._file_bytes = 0
        try:
            self._parser = PushMultipartParser(
                boundary,
                max_segment_count=MOST_PARTS,
                header_charset=_CHARSET,
            )
        except (MultipartError, ValueError) as exc:
            raise broken(FormProblem.NO_FORM) from exc

    def feed(self, data: bytes) -> Iterator[Event]:
        """What the bytes bring, in order."""
        self._fed += len(data)
        try:
            for event in self._parser.parse(data):
                if isinstance(event, MultipartSegment):
                    yield from self._begin(event)
                elif event is None:
                    yield from self._end()
                elif self._in_file:
                    self._file_bytes += len(event)
                    yield bytes(event)
                else:
                    self._take(bytes(event))
        except ParserLimitReached as exc:
            raise broken(FormProblem.TOO_MUCH) from exc
        except MultipartError as exc:
            raise broken(FormProblem.UNREADABLE) from exc
        # The file's bytes that the parser holds back are fewer than a boundary.
        if self._fed - self._file_bytes > MOST_AROUND:
            raise broken(FormProblem.TOO_MUCH)

    def finish(self) -> None:
        """The body is over; raises ProblemError 400 where the form is not."""
        try:
            self._parser.close()
        except MultipartError as exc:
            raise broken(FormProblem.CUT_OFF) from exc
        if not self._has_file:
            raise self._incomplete(self._problems() | {FILE: FieldProblem.MISSING})

    def _begin(self, segment: MultipartSegment) -> Iterator[Event]:
        if self._has_file:
            raise broken(FormProblem.TWO_FILES if segment.name == FILE else FormProblem.AFTER_FILE)
        self._name, self._value = segment.name, b""
        self._is_other_file = segment.filename is not None and segment.name not in FIELDS
        if segment.name == FILE:
            self._has_file = self._in_file = True
            try:
                details = completed(self._details(), self._call_types)
            except IncompleteDetailsError as exc:
                raise self._incomplete(exc.problems) from exc
            yield FileBegun(details)
        elif segment.name in self._fields:
            raise broken(FormProblem.FIELD_TWICE)

    def _take(self, data: bytes) -> None:
        self._value += data
        if len(self._value) > MOST_FIELD:
            if self._is_other_file:
                raise self._incomplete(self._problems() | {FILE: FieldProblem.MISSING})
            raise broken(FormProblem.FIELD_TOO_LONG)

    def _end(self) -> Iterator[Event]:
        if self._in_file:
            self._in_file = False
            yield FileEnded()
            return
        if self._is_other_file:
            self._fields[self._name] = ""
            return
        try:
            self._fields[self._name] = self._value.decode()
        except UnicodeDecodeError as exc:
            raise broken(FormProblem.NOT_TEXT) from exc

    def _details(self) -> Details:
        return Details(*(self._fields.get(name, "") for name in FIELDS))

    def _problems(self) -> dict[str, FieldProblem]:
        try:
            completed(self._details(), self._call_types)
        except IncompleteDetailsError as exc:
            return exc.problems
        return {}

    def _incomplete(self, problems: dict[str, FieldProblem]) -> ProblemError:
        errors = field_errors(problems, self._fields, self._messages)
        return ProblemError(Problem(Code.FORM_FIELDS, {"fields": ", ".join(problems)}, errors))
