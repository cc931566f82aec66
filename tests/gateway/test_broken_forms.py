"""Forms and requests that no proper client sends: each is refused as the client's fault, and leaves nothing behind."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from callup_desktop.sandbox.embedded import Running
from tests.gateway.clients import FIELDS
from tests.gateway.conftest import QUICK
from tests.gateway.look import Before, Look
from tests.gateway.raw import (
    ALL_FIELDS,
    BOUNDARY,
    END,
    answer_on,
    chunk,
    connected,
    field,
    file_begin,
    form,
    form_of,
    head,
    say,
)
from tests.gateway.replica import Replica, eventually, replica

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def strict(sandbox: Running, folder: Path) -> Iterator[Replica]:
    """A replica with little patience and room for small recordings only."""
    limits = {"silence_timeout": 1, "largest_recording": MIB}
    with replica(sandbox.profile, folder / "strict", **{**QUICK, **limits}) as running:
        yield running


def whole(body: bytes) -> list[bytes]:
    return [head(len(body)), body]


def typed(content_type: str, body: bytes) -> list[bytes]:
    return [head(len(body), headers=[f"Content-Type: {content_type}"]), body]


def parts(count: int) -> bytes:
    return b"".join(field(f"extra{number}", "x") for number in range(count))


WAV = (
    b"RIFF\x24\x00\x10\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data"
)
SOUND = WAV + (64_000).to_bytes(4, "little") + bytes(range(1, 251)) * 256

BROKEN: Mapping[str, Callable[[], tuple[list[bytes], int, str]]] = {
    "no boundary": lambda: (typed("multipart/form-data", form(SOUND)), 400, "form_broken"),
    "an empty boundary": lambda: (typed('multipart/form-data; boundary=""', form(SOUND)), 400, "form_broken"),
    "another kind of body": lambda: (typed("application/json", b'{"file": 1}'), 400, "form_broken"),
    "another boundary": lambda: (typed("multipart/form-data; boundary=other", form(SOUND)), 400, "form_broken"),
    "two files": lambda: (
        whole(ALL_FIELDS + file_begin() + SOUND + b"\r\n" + file_begin() + SOUND + END),
        400,
        "form_broken",
    ),
    "fields after the file": lambda: (
        whole(ALL_FIELDS + file_begin() + SOUND + b"\r\n" + field("note", "late") + f"--{BOUNDARY}--\r\n".encode()),
        400,
        "form_broken",
    ),
    "a field twice": lambda: (whole(form(SOUND, ALL_FIELDS + field("call_type", "sales"))), 400, "form_broken"),
    "a field that is not text": lambda: (
        whole(form(SOUND, ALL_FIELDS.replace(b"Acme Corp", b"\xff\xfe\xfa"))),
        400,
        "form_broken",
    ),
    "a field of 5 KiB": lambda: (whole(form(SOUND, field("note", "x" * 5120) + ALL_FIELDS)), 400, "form_broken"),
    "10,000 parts": lambda: (whole(form(SOUND, parts(10_000))), 400, "form_broken"),
    "1 MiB of headers in a part": lambda: (
        whole(f"--{BOUNDARY}\r\nX-Long: {'x' * MIB}\r\n\r\nvalue".encode() + END),
        400,
        "form_broken",
    ),
    "a preamble without end": lambda: (whole(b"x" * MIB), 400, "form_broken"),
    "only line ends": lambda: (whole(b"\r\n" * MIB), 400, "form_broken"),
    "no last boundary": lambda: (whole(ALL_FIELDS + file_begin() + SOUND), 400, "form_broken"),
    "nothing but the end": lambda: (whole(f"--{BOUNDARY}--\r\n".encode()), 400, "form_fields"),
    "no body": lambda: ([head(0)], 400, "form_broken"),
    "a file by another name": lambda: (
        whole(form(SOUND).replace(b'name="file"', b'name="audio"')),
        400,
        "form_fields",
    ),
    "a small file by another name": lambda: (
        whole(form(SOUND[:2000]).replace(b'name="file"', b'name="audio"')),
        400,
        "form_fields",
    ),
    "a file by another name before the fields": lambda: (
        whole(file_begin().replace(b'"file"', b'"audio"') + SOUND + b"\r\n" + ALL_FIELDS + END[2:]),
        400,
        "form_fields",
    ),
    "an empty file": lambda: (whole(form(b"")), 400, "empty"),
    "a file of line ends": lambda: (whole(form(b"\r\n" * 300_000)), 400, "unsupported_type"),
    "a file of broken boundaries": lambda: (whole(form(b"\r\n--ra" * 100_000)), 400, "unsupported_type"),
    "1 MiB of request headers": lambda: (
        [head(10, headers=[f"X-Long: {'x' * MIB}"]), b"0123456789"],
        431,
        "headers_too_large",
    ),
    "100,000 request headers": lambda: (
        [head(10, headers=["X-A: b"] * 100_000), b"0123456789"],
        431,
        "headers_too_large",
    ),
    "a length that is no number": lambda: (
        [head(10).replace(b"Content-Length: 10", b"Content-Length: ten"), b"0123456789"],
        400,
        "form_broken",
    ),
    "two lengths": lambda: ([head(10, headers=["Content-Length: 11"]), b"0123456789"], 400, "form_broken"),
    "a length and chunks": lambda: (
        [head(10, headers=["Transfer-Encoding: chunked"]), chunk(b"0123456789")],
        400,
        "form_broken",
    ),
    "chunks that lie about their length": lambda: (
        [head(None), b"5\r\n" + ALL_FIELDS + b"\r\n0\r\n\r\n"],
        400,
        "form_broken",
    ),
    "a chunk of no length": lambda: ([head(None), b"zz\r\nabc\r\n0\r\n\r\n"], 400, "form_broken"),
    "an unknown call type": lambda: (whole(form(SOUND, ALL_FIELDS.replace(b"demo", b"gossip"))), 400, "form_fields"),
    "an Idempotency-Key of 300 characters": lambda: (
        [head(10, headers=[f"Idempotency-Key: {'k' * 300}"]), b"0123456789"],
        400,
        "bad_idempotency_key",
    ),
    "a compressed body": lambda: (
        [head(10, headers=["Content-Encoding: gzip"]), b"0123456789"],
        400,
        "form_broken",
    ),
    "a word in place of a switch": lambda: (
        [head(10, target="/api/v1/calls/upload?send_anyway=perhaps"), b"0123456789"],
        400,
        "bad_query",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_the_clients_fault_and_leaves_nothing(case: str, gateway: Replica, look: Look) -> None:
    before = Before.of(look)
    pieces, status, code = BROKEN[case]()

    answer = say(gateway, *pieces)

    assert (answer.status, answer.json["type"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    before.wait_until_nothing_is_added()


def test_a_body_that_ends_short_of_its_length_is_waited_for_and_then_refused(strict: Replica, look: Look) -> None:
    before = Before.of(look)
    body = form(SOUND)

    answer = say(strict, head(len(body) + 1000), body)

    assert (answer.status, answer.json["type"]) == (408, "sender_too_slow")
    before.wait_until_nothing_is_added()


def test_a_body_that_goes_on_beyond_its_length_ends_where_it_said(strict: Replica, look: Look) -> None:
    before = Before.of(look)
    body = form(SOUND)

    answer = say(strict, head(len(body) - 100), body)

    assert (answer.status, answer.json["type"]) == (400, "form_broken")
    before.wait_until_nothing_is_added()


def test_chunks_that_become_too_large_are_refused_as_soon_as_that_is_known(strict: Replica, look: Look) -> None:
    before = Before.of(look)
    endless = WAV + (0x7FFFFFFF).to_bytes(4, "little") + b"sound" * 13_000

    answer = say(strict, head(None), chunk(ALL_FIELDS + file_begin() + endless), *[chunk(b"sound" * 13_000)] * 40)

    assert (answer.status, answer.json["type"]) == (413, "too_large")
    before.wait_until_nothing_is_added()


def test_an_announced_length_beyond_the_limit_is_refused_before_the_body(strict: Replica, look: Look) -> None:
    before = Before.of(look)

    with connected(strict) as sock:
        sock.sendall(head(3 * MIB, headers=["Expect: 100-continue"]))
        answer = answer_on(sock)

    assert (answer.status, answer.json["type"], answer.headers["connection"]) == (413, "too_large", "close")
    before.wait_until_nothing_is_added()


def test_a_client_that_vanishes_in_the_middle_leaves_nothing(gateway: Replica, long_call: Path, look: Look) -> None:
    before = Before.of(look)
    body = form_of(long_call)

    with connected(gateway) as sock:
        sock.sendall(head(len(body)) + body[: len(body) * 3 // 4])
        key = eventually(lambda: look.open_uploads() - {t.removeprefix("upload ") for t in before.things}, "an upload")

    eventually(lambda: not look.open_uploads() & key, "its upload is aborted")
    eventually(lambda: not look.unfinished(), "its row is forgotten")
    before.wait_until_nothing_is_added()


def test_a_sender_that_falls_silent_leaves_nothing(strict: Replica, look: Look) -> None:
    before = Before.of(look)
    body = form(SOUND)

    answer = say(strict, head(len(body)), body[: len(body) // 2])

    assert (answer.status, answer.json["type"]) == (408, "sender_too_slow")
    before.wait_until_nothing_is_added()


def test_a_file_by_another_name_is_missed_by_the_name_that_it_should_have(gateway: Replica) -> None:
    answer = say(gateway, *whole(form(SOUND).replace(b'name="file"', b'name="audio"')))

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("file", "missing")]


def test_what_a_file_is_called_does_not_matter_in_whichever_charset(gateway: Replica, look: Look) -> None:
    for name in (b"M\xfcller.wav", "Müller €.wav".encode(), b"\x81\xff.wav"):
        answer = say(gateway, *whole(form(SOUND).replace(b"call.wav", name)))

        assert answer.status == 201, answer.text
        assert look.document(answer.json["call_id"])["metadata"] == FIELDS


def test_a_good_form_in_the_smallest_pieces_is_taken(gateway: Replica, look: Look) -> None:
    body = form(SOUND)
    edge = len(ALL_FIELDS) + 200

    answer = say(
        gateway,
        head(None),
        *(chunk(body[at : at + 1]) for at in range(edge)),
        chunk(body[edge:-40]),
        *(chunk(body[at : at + 1]) for at in range(len(body) - 40, len(body))),
        b"0\r\n\r\n",
    )

    assert answer.status == 201, answer.text
    assert look.document(answer.json["call_id"])["metadata"] == FIELDS
