"""Why the sandbox does not run, as codes. Any thread."""

from callup_desktop.engine.errors import Code
from callup_desktop.files.errors import Params


class SandboxError(Exception):
    """Raised when the sandbox cannot run; `params` fill the sentence, `detail` is the server's last log lines."""

    def __init__(self, code: Code, params: Params | None = None, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.params: Params = params or {}
        self.detail = detail


class SandboxTakenError(SandboxError):
    """Raised when another process runs the sandbox in this folder; its profile lies there, ready to use."""


class SandboxSilentError(SandboxError):
    """Raised when a server lives and does not answer; on other ports it may."""
