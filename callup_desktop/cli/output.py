"""What the console prints: results on stdout, one line each; sentences and bars on stderr. Main thread.

JSON is ASCII, whatever the stream's encoding. Names that come from outside are written out for people where a terminal
would act on them.
"""

import json
import sys
from pathlib import PurePath
from typing import Any

from callup_desktop.calls.documents import Receipt
from callup_desktop.engine.errors import Rejection
from callup_desktop.instance.client import StartError
from callup_desktop.instance.messages import CallStatus
from callup_desktop.presentation.messages import Messages
from callup_desktop.standard_streams import Output, printable


class Printer:
    """Prints in people's words, or as one JSON object a line. Printing never fails."""

    def __init__(self, messages: Messages, *, as_json: bool) -> None:
        """`as_json` writes every result, errors too, as JSON."""
        self.messages = messages
        self.as_json = as_json
        self._out, self._err = Output(sys.stdout), Output(sys.stderr)

    def line(self, text: str) -> None:
        """One line on stdout."""
        self._out.write(printable(text) + "\n")
        self._out.flush()

    def values(self, values: dict[str, Any]) -> None:
        """One JSON object on stdout."""
        self.line(json.dumps(values))

    def say(self, sentence: str) -> None:
        """A sentence on stderr; each line of it is one there."""
        for line in sentence.splitlines():
            self._err.write(printable(line) + "\n")
        self._err.flush()

    def repaired(self, count: int) -> None:
        """That a damaged list was set aside, and how many calls of it could be read."""
        self.say(self.messages.repaired(count))

    def sent(self, file: str, status: CallStatus) -> None:
        """The receipt of a call that arrived."""
        receipt = Receipt(call_id=status.call_id).model_dump()
        if not self.as_json:
            self.values(receipt)
            if status.video_size:
                self.say(self.messages.sound_of(printable(PurePath(file).name), status.video_size, status.size))
            if status.sound_beside:
                self.say(self.messages.sound_beside(printable(status.sound_beside)))
            return
        places = {"s3_bucket": status.s3_bucket, "s3_key": status.s3_key, "checksum": status.checksum}
        self.values({"file": file, **receipt, **places, "message_id": status.message_id})

    def error(self, file: str, code: str, sentence: str, detail: str = "", **more: object) -> None:
        """Why a file was not sent, or not yet; or, without a file, why nothing was done. `more` goes into JSON."""
        if self.as_json:
            told = {"code": code, "message": sentence}
            self.values({"file": file, "error": {**told, "detail": detail} if detail else told, **more})
        else:
            self.say(
                "\n".join(part for part in (f"{printable(file)}: {sentence}" if file else sentence, detail) if part)
            )

    def start_error(self, error: StartError) -> None:
        """Why the command cannot be run."""
        sentence = self.messages.start_error(error.code, error.params, error.problems)
        self.error("", error.code, sentence, error.detail)

    def trouble(self, file: str, status: CallStatus) -> None:
        """Why a call did not arrive, in the window's words."""
        if status.code is not None:
            self.error(file, status.code, self.reason(status))
        elif status.kept:
            self.error(file, "kept", self.messages.kept())
        else:
            self.not_taken(file)

    def not_taken(self, file: str) -> None:
        """Nobody keeps the file: it is not in the journal."""
        self.error(file, Rejection.NOT_TAKEN, self.messages.of_code(Rejection.NOT_TAKEN))

    def sent_before(self, file: str, status: CallStatus, code: Rejection) -> None:
        """The recording had a call already, and is not sent once more."""
        sentence, earlier = self.messages.of_code(code, status.params), status.duplicate_of or status.call_id
        self.error(file, code, sentence, duplicate_of=earlier, sent_at=status.sent_before_at)

    def reason(self, status: CallStatus) -> str:
        """Why a call is not there yet, "" where nothing is in its way."""
        if status.code is None:
            return ""
        return self.messages.of_call(
            status.code, status.params, send_asked=status.send_asked, edit_asked=status.edit_asked
        )
