"""One catalogue: every code has one row of words, and the window, the console and JSON say the same of it."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import callup_desktop
from callup_desktop.calls.documents import SENT_MESSAGE
from callup_desktop.calls.metadata import Details, FieldProblem
from callup_desktop.cli.output import Printer
from callup_desktop.cli.table import print_table
from callup_desktop.config.profile_problems import ProblemCode, ProfileProblem
from callup_desktop.engine.errors import CATALOGUE, Actor, Code, Rejection, Scope, info_of
from callup_desktop.engine.events import Status
from callup_desktop.engine.job import State, Trouble
from callup_desktop.engine.ports import CheckResult, CheckStep, UpdateOutcome
from callup_desktop.files.errors import Params, Refusal, Wait
from callup_desktop.instance.client import StartError
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.connection_check import CheckWriter
from callup_desktop.presentation.messages import Messages, actor_of
from callup_desktop.presentation.queue_summary import Hints, QueueSummary, Remedy
from callup_desktop.presentation.view_state import ViewState
from callup_desktop.recordings.recording import Doubt
from callup_desktop.ui.application import Application
from callup_desktop.window import _show_start_error
from tests.ui.fake_engine import NOW

PARAMS: Mapping[str, Params] = {
    Refusal.UNSUPPORTED: {"kind": "PDF"},
    Refusal.TOO_LARGE: {"size": 2 * 1024**3, "limit": 1024**3},
    Refusal.CORRUPT: {"reason": "unfinished"},
    Refusal.NO_PERMISSION: {"folder": "/calls"},
    Code.FILE_UNREADABLE: {"folder": "/calls"},
    Code.FILE_MISSING: {"name": "a.wav"},
    Code.DRIVE_GONE: {"drive": "S:"},
    Code.ONLINE_ONLY: {"folder": "OneDrive - Acme"},
    Code.TLS_UNTRUSTED: {"issuer": "Zscaler"},
    Code.CLOCK_WRONG: {"seconds_ahead": 7200},
    Code.PROXY_UNUSABLE: {"scheme": "socks5"},
    Code.NAME_UNKNOWN: {"host": "s3.example.com"},
    Code.WRONG_BUCKET: {"region": "eu-west-1"},
    Code.REMOVAL_DENIED: {"until": "2027-01-01"},
    Code.REGISTRY_ADDRESS: {"problem": "set", "set": "rs0"},
    Code.REGISTRY_UNTRUSTED: {"issuer": "Zscaler"},
    Doubt.TRUNCATED: {"stops_at": 60.0, "should_be": 90.0},
    Rejection.DUPLICATE: {"call_id": "7c9e6679", "sent_at": "2026-05-03T10:41:00+00:00"},
    Code.BAD_PROFILE: {"file": "acme.callup", "problems": "?"},
    Code.HOME_UNWRITABLE: {"folder": "/home", "reason": "ENOSPC"},
    Code.HOME_OF_ANOTHER: {"file": "/home/profile.callup"},
    Code.SANDBOX_NOT_INSTALLED: {"packages": "moto"},
    Code.SANDBOX_FOLDER: {"folder": "/box", "reason": "ENOSPC"},
    Code.SANDBOX_TAKEN: {"folder": "/box"},
    Code.SANDBOX_SILENT: {"server": "s3"},
    Code.SANDBOX_SERVER_FAILED: {"server": "mongo"},
    Code.SANDBOX_SERVER_ENDED: {"server": "sqs"},
}
"""What fills the sentences that say more where more is known."""
CASES: tuple[tuple[str, Params], ...] = (*((code, {}) for code in CATALOGUE), *PARAMS.items())
NOTHING: dict[str, Any] = {"running": 0, "waiting": 0, "drafts": 0, "needs_rep": 0, "sent": 0}
PROGRAM = [(code, params) for code, params in CASES if info_of(code).scope is Scope.PROGRAM]
TO_IT = {
    "en": ("send this to IT", "Please ask IT"),
    "de": ("schicken Sie das an die IT", "Bitte fragen Sie die IT"),
}


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def messages(language: str, request: pytest.FixtureRequest) -> Messages:
    """As the console speaks, and as the window does where the system speaks German."""
    return Messages() if language == "en" else request.getfixturevalue("german")


def trouble(code: str, params: Params) -> Trouble:
    return Trouble(code, NOW, params=params)


# --- one row a code ---------------------------------------------------------------------------------------------------


def test_every_code_has_a_row_and_every_row_a_code() -> None:
    assert Messages().codes == set(map(str, CATALOGUE))


def test_every_code_has_a_sentence_of_its_own_and_a_chip(messages: Messages) -> None:
    unknown, no_chip = messages.of_code("no such code"), messages.chip(trouble("no such code", {}))
    for code, params in CASES:
        sentence = messages.of_code(code, params)
        assert sentence.endswith((".", "!", "?")), code
        assert code == Code.BUG or sentence != unknown, code
        assert "{" not in sentence, code
    of_calls = [code for code in Code if info_of(code).scope is not Scope.PROGRAM]
    for known in [*of_calls, *Refusal, *Wait]:
        assert known is Code.BUG or messages.chip(trouble(known, {})) != no_chip, known


def test_what_is_known_of_a_case_is_said(messages: Messages) -> None:
    for code, params in PARAMS.items():
        assert messages.of_code(code, params) != messages.of_code(code), code


def test_a_journal_that_stops_everything_has_a_chip_for_the_status_line(messages: Messages) -> None:
    no_chip = messages.chip(trouble("no such code", {}))
    for code in Code:
        assert not code.startswith("journal") or messages.chip(trouble(code, {})) != no_chip, code


# --- who acts ---------------------------------------------------------------------------------------------------------


def test_a_sentence_sends_to_it_and_the_advice_names_the_admin_exactly_where_it_acts(
    messages: Messages, language: str
) -> None:
    for code, params in CASES:
        sentence, for_it = messages.of_code(code, params), info_of(code).actor is Actor.IT
        assert any(words in sentence for words in TO_IT[language]) is for_it, sentence
        assert (messages.advice(trouble(code, params)) == messages.tr("ask your admin")) is for_it, code
        assert (actor_of(trouble(code, params)) is Actor.IT) is for_it, code


def test_a_banner_says_the_sentence_and_offers_a_copy_for_it_where_it_acts(messages: Messages) -> None:
    for code, params in CASES:
        if info_of(code).scope is Scope.CALL:
            continue
        state = ViewState()
        state.apply(Status(online=True, since=NOW, blocked=trouble(code, params), paused=False, **NOTHING))
        alert = QueueSummary(messages, "").alert(state, Hints())
        assert alert is not None
        assert alert.lead == messages.of_code(code, params), code
        assert (Remedy.COPY_FOR_IT in alert.remedies) is (info_of(code).actor is Actor.IT), code


# --- window, console and JSON -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_call_s_trouble_is_one_sentence_in_the_window_the_console_and_json(
    messages: Messages, capsys: pytest.CaptureFixture[str]
) -> None:
    for (code, params), send_asked, edit_asked in product(CASES, (False, True), (False, True)):
        window = messages.of_call(code, params, send_asked=send_asked, edit_asked=edit_asked)
        status = CallStatus(
            call_id="1",
            asked_id="1",
            path=b"a.wav",
            state=State.DRAFT,
            code=code,
            params=dict(params),
            send_asked=send_asked,
            edit_asked=edit_asked,
        )
        Printer(messages, as_json=False).trouble(status.file, status)
        assert capsys.readouterr() == ("", f"a.wav: {window}\n")
        Printer(messages, as_json=True).trouble(status.file, status)
        printed = json.loads(capsys.readouterr().out)
        assert printed == {"file": "a.wav", "error": {"code": code, "message": window}}
        print_table([status], Printer(messages, as_json=False))
        assert window in " ".join(capsys.readouterr().out.split())


def test_only_a_call_that_somebody_sent_is_said_to_go_by_itself(messages: Messages) -> None:
    for code, params in CASES:
        sentences = {messages.of_call(code, params, send_asked=asked) for asked in (False, True)}
        assert len(sentences) == (2 if code == Wait.UNFINISHED else 1), code


def test_new_details_that_wait_send_to_it_exactly_where_it_acts(messages: Messages, language: str) -> None:
    for code, params in CASES:
        sentence = messages.of_call(code, params, edit_asked=True)
        assert any(words in sentence for words in TO_IT[language]) is (info_of(code).actor is Actor.IT), sentence
        assert messages.chip(trouble(code, params), edit_asked=True), code


def test_why_nothing_starts_is_one_sentence_in_the_window_the_console_and_json(
    qapp: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = (ProfileProblem("bucket", ProblemCode.KEY_MISSING),)
    for code, params in PROGRAM:
        error = StartError(
            Code(code), params, detail="its last line", problems=problems if code == Code.BAD_PROFILE else ()
        )
        window = qapp.messages().start_error(error.code, error.params, error.problems)
        _show_start_error(qapp, error, alone=True)
        assert capsys.readouterr() == ("", f"{window}\nits last line\n")
        Printer(Messages(), as_json=False).start_error(error)
        assert capsys.readouterr() == ("", f"{window}\nits last line\n")
        Printer(Messages(), as_json=True).start_error(error)
        printed = json.loads(capsys.readouterr().out)["error"]
        assert printed == {"code": code, "message": window, "detail": "its last line"}


def test_the_window_s_english_is_the_console_s(qapp: Application) -> None:
    for code, params in CASES:
        assert qapp.messages().of_code(code, params) == Messages().of_code(code, params)


def test_a_check_that_fails_says_the_same_on_the_page_and_the_console_and_who_acts(
    messages: Messages, language: str
) -> None:
    words = CheckWriter(messages)
    to_it = (*TO_IT[language], words.tr("Your admin needs to allow it."))
    for code, params in CASES:
        result = CheckResult(CheckStep.STORAGE, ok=False, code=code, params=params, detail="AccessDenied")
        assert words.line(result).text == f"{words.sentence(result)} (AccessDenied)"
        for_it = info_of(code).actor is Actor.IT
        # The page may say of a network that blocks what the console's queue waits out.
        assert any(said in words.sentence(result) for said in to_it) is for_it, code


# --- profiles ---------------------------------------------------------------------------------------------------------


def problem(code: ProblemCode) -> ProfileProblem:
    return ProfileProblem(
        "the_key", code, "line 3", {"limit": 16, "offered": "a, b", "option": "w", "place": "{call_id}"}
    )


def test_every_problem_of_a_profile_is_in_words_that_name_its_key(messages: Messages) -> None:
    of_no_key = {ProblemCode.NO_FILE, ProblemCode.UNREADABLE_FILE, ProblemCode.NOT_TOML}
    of_no_key |= {ProblemCode.FILE_TOO_LARGE, ProblemCode.NESTED}
    of_two_keys = {ProblemCode.SANDBOX_ELSEWHERE, ProblemCode.UPDATES_UNSIGNED, ProblemCode.SIGN_IN_HALF}
    for code in ProblemCode:
        words = messages.profile_problem(problem(code))
        assert ("'the_key'" in words) is (code not in of_no_key | of_two_keys), code
        assert words in messages.start_error(Code.BAD_PROFILE, {"file": "acme.callup"}, (problem(code),))
    assert len({messages.profile_problem(problem(code)) for code in ProblemCode}) == len(ProblemCode)


def test_all_problems_stand_in_one_sentence_for_it() -> None:
    problems = (ProfileProblem("bucket", ProblemCode.KEY_MISSING), ProfileProblem("pail", ProblemCode.KEY_UNKNOWN))

    assert Messages().start_error(Code.BAD_PROFILE, {"file": "acme.callup"}, problems) == (
        "The profile acme.callup can't be used: the key 'bucket' is missing; the key 'pail' is not known."
        " Please send this to IT."
    )


def test_a_key_that_looks_like_a_place_to_fill_in_is_shown_as_it_is() -> None:
    odd = ProfileProblem("{detail}", ProblemCode.KEY_UNKNOWN)

    assert "the key '{detail}' is not known" in Messages().start_error(Code.BAD_PROFILE, {"file": "{key}"}, (odd,))


# --- German -----------------------------------------------------------------------------------------------------------


def everything(messages: Messages) -> Iterator[str]:
    """Whatever is said of a code."""
    for code, params in CASES:
        yield messages.of_code(code, params)
        yield messages.of_call(code, params, send_asked=True)
        yield messages.of_call(code, params, edit_asked=True)
        yield messages.chip(trouble(code, params))
        yield CheckWriter(messages).sentence(CheckResult(CheckStep.STORAGE, ok=False, code=code, params=params))
    yield from (messages.profile_problem(problem(code)) for code in ProblemCode)
    yield from (messages.update(outcome, "9.9.9") for outcome in UpdateOutcome)
    yield from (messages.field_problem(place.name, wrong) for place in fields(Details) for wrong in FieldProblem)


def test_nothing_is_said_in_english_where_the_system_speaks_german(german: Messages) -> None:
    for ours, source in zip(everything(german), everything(Messages()), strict=True):
        assert ours != source


# --- nowhere else -----------------------------------------------------------------------------------------------------

PACKAGE = Path(callup_desktop.__file__).parent
WORDS = frozenset({"presentation", "ui"})
"""Where sentences belong: those of `ui` stand in its widgets' own tr()."""
USAGE = frozenset({"help", "description"})
"""Arguments of argparse: what --help prints is English, as the console is."""
SQL = ("SELECT ", "DELETE ", "INSERT ", "UPDATE ")
"""Statements may end in the ? of their last place."""
CONTRACT = frozenset({SENT_MESSAGE})
"""What the receipt says is fixed by the contract; the window translates it in its own words."""


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every literal that is no docstring and no usage; "…" stands where an f-string is filled in."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as docstring):
                skipped.add(docstring)
            case ast.keyword(arg=str(name), value=usage) if name in USAGE:
                skipped.update(ast.walk(usage))
            case ast.JoinedStr(values=parts) if node not in skipped:
                skipped.update(ast.walk(node))
                filled = (str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
                yield node.lineno, "".join(filled)
            case ast.Constant(value=str(text)) if node not in skipped:
                yield node.lineno, text


def is_sentence(text: str) -> bool:
    """Whether a person would take the text for one: a capital, three words, a full stop."""
    text = text.strip()
    begins_as_one = text[:1].isupper() and not text.startswith(SQL)
    return begins_as_one and len(text.split()) >= 3 and (text.endswith((".", "!", "?")) or ". " in text)


@pytest.mark.parametrize(
    "source",
    [
        "raise SandboxError('The sandbox cannot start. Try again')",
        'print(f"The {server} server ended.")',
        "sentence = ('The first half '\n'and the second.')",
    ],
)
def test_a_sentence_is_found_wherever_it_is_made(source: str) -> None:
    assert any(is_sentence(text) for _line, text in texts(ast.parse(source)))


def test_no_sentence_is_made_outside_presentation() -> None:
    """Details of exceptions and log entries are technical and need no exception here: they are no sentences."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] in WORDS:
            continue
        for line, text in texts(ast.parse(path.read_text(encoding="utf-8"))):
            if is_sentence(text) and text not in CONTRACT:
                found.append(f"{place}:{line}: {text}")
    assert not found
