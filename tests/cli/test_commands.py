"""Every command of the command line has a function that runs it."""

import argparse
import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest

from callup_desktop.cli.arguments import parser


def commands_of(of: argparse.ArgumentParser) -> Iterator[str]:
    """What runs each command, of the nested ones too."""
    if (runs := of.get_default("runs")) is not None:
        yield runs
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for nested in action.choices.values():
                yield from commands_of(nested)


@pytest.mark.parametrize("runs", sorted(set(commands_of(parser()))))
def test_a_command_is_run_by_a_function_that_is_there(runs: str) -> None:
    module, _, name = runs.partition(":")
    function = getattr(import_module(f"callup_desktop.cli.{module}"), name)
    assert [parameter.lstrip("_") for parameter in inspect.signature(function).parameters] == [
        "options",
        "choice",
        "printer",
        "here",
    ]
