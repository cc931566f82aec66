"""The owner of the home for one command: the running program, or an engine of this process's own. Main thread."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from callup_desktop.choice import Choice
from callup_desktop.cli.output import Printer
from callup_desktop.config.paths import Home
from callup_desktop.instance.client import (
    POLL_INTERVAL,
    LocalOwner,
    OwnerClient,
    OwnerLeftError,
    RemoteOwner,
    StartError,
    owned,
)
from callup_desktop.instance.messages import MOST_IDS, CallStatus, Request, Verb
from callup_desktop.loading import loading

OWNERS = 20
"""How many owners in turn may leave before they have answered once."""
_READY_TIMEOUT = 30.0
"""Seconds that an engine may take to read its journal."""

T = TypeVar("T")


@contextmanager
def open_owner(choice: Choice, home: Home, printer: Printer, *, sending: bool) -> Iterator[OwnerClient]:
    """The owner of the home: the running program, or an engine of our own until the context ends; raises StartError.

    What an engine of our own has to say of its list is printed.
    """
    with owned(home, choice.where) as owner:
        if isinstance(owner, RemoteOwner):
            yield owner
            return
        with loading():
            # Only now: whoever asks the running program needs no engine.
            from callup_desktop.compose import EngineHost, connected
            from callup_desktop.instance.handler import RequestHandler
            from callup_desktop.services.on_demand import leave_out_awscrt
        handler = RequestHandler(choice.where)
        with (
            connected(choice, home) as connection,
            EngineHost(connection, home, report=handler.report, sending=sending) as host,
        ):
            if sending:
                leave_out_awscrt(connection.profile)
            handler.serve(host.commands, connection.profile.identity)
            host.start()
            is_loaded = host.load_services() if sending else lambda: True
            if (code := handler.calls.wait_ready(_READY_TIMEOUT)) is not None:
                raise StartError(code)
            if (saved := handler.calls.repaired) is not None:
                printer.repaired(saved)
            with owner.serving(handler.open_session):
                yield LocalOwner(handler.open_session(), is_loaded)


def asked(choice: Choice, home: Home, printer: Printer, action: Callable[[OwnerClient], T]) -> T:
    """What the action brings; where the owner leaves in the middle of it, it is done again with the next one."""
    left: StartError = OwnerLeftError()
    for _ in range(OWNERS):
        try:
            with open_owner(choice, home, printer, sending=False) as owner:
                return action(owner)
        except OwnerLeftError as exc:
            left = exc
            time.sleep(POLL_INTERVAL)
    raise left


def changed(owner: OwnerClient) -> Iterator[CallStatus]:
    """The calls that changed since they were last asked for."""
    more = True
    while more:
        reply = owner.ask(Request(verb="changes"))
        yield from reply.calls
        more = reply.more


def in_turn(owner: OwnerClient, verb: Verb, ids: Sequence[str] | None) -> None:
    """Ask for as many calls a request as one may name; None is every call that the verb fits."""
    if ids is None:
        owner.ask(Request(verb=verb))
        return
    left = iter(ids)
    while some := tuple(islice(left, MOST_IDS)):
        owner.ask(Request(verb=verb, ids=some))
