"""`callup probe`: judges recordings without sending them. Main thread."""

import argparse

from callup_desktop.choice import Choice, ExitCode
from callup_desktop.cli.output import Printer
from callup_desktop.compose import choose_profile
from callup_desktop.config.paths import Home
from callup_desktop.engine.errors import Code
from callup_desktop.instance.client import StartError, absolute
from callup_desktop.recordings.recording import VideoPolicy
from callup_desktop.recordings.verdict import verdict_of


def probe(options: argparse.Namespace, choice: Choice, printer: Printer, here: Home) -> int:
    """Print a verdict on each file; the exit code says whether all would be taken. Raises StartError."""
    code, video = ExitCode.OK, _video_policy(choice, here)
    for file in options.files:
        verdict = verdict_of(absolute(file), video=video)
        printer.values(verdict.as_json())
        if verdict.code and not options.json:
            printer.error(file, verdict.code, printer.messages.of_code(verdict.code, verdict.params))
        if verdict.verdict == "refused":
            code = ExitCode.FAILED
    return code


def _video_policy(choice: Choice, here: Home) -> VideoPolicy:
    """What the profile does with videos, or what one does that says nothing of them, where there is none."""
    if choice.sandbox:
        return VideoPolicy.SOUND
    try:
        return VideoPolicy(choose_profile(choice, here).profile.video)
    except StartError as exc:
        if exc.code is not Code.NO_PROFILE:
            raise
        return VideoPolicy.SOUND
