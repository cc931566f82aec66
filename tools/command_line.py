"""Writes the manual pages and the shells' completions from the command lines: `python -m tools.command_line`."""

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage

from callup_desktop import __version__, app
from callup_desktop.cli import arguments

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
_TITLE = "CallUp Desktop"
_DATE = re.compile(r'^(\.TH \S+ "1") "[^"]*"', re.MULTILINE)


def files() -> Mapping[Path, str]:
    """Every file with what belongs into it."""
    console, window = arguments.parser(), app.parser()
    for action in actions(console):
        if "FILE" in str(action.metavar):
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # as shtab wants to be told
    return {
        **{RESOURCES / "completions" / f"callup.{name}": shtab.complete(console, name) for name in ("bash", "zsh")},
        RESOURCES / "man" / "callup.1": _manual(console, "send call recordings, once and whole"),
        RESOURCES / "man" / "callup-desktop.1": _manual(window, "the window for call recordings"),
    }


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All arguments and options of the parser and its commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for nested in action.choices.values():
                yield from actions(nested)
        else:
            yield action


def _manual(parser: argparse.ArgumentParser, description: str) -> str:
    told = {"project_name": _TITLE, "manual_title": _TITLE, "version": __version__, "description": description}
    page = str(Manpage(parser, format="single-commands-section", _data={**told, "prog": parser.prog}))
    # A page says nothing else the next day.
    return _DATE.sub(r'\1 ""', page)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "80"
    for place, text in files().items():
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
