"""What the statuses of a registered call mean, which the pipeline gives it (docs/contract.md). Pure, any thread."""

DONE_WITH = frozenset({"transcribed", "completed"})
"""The transcript is there, and nothing is being worked on."""
TRANSCRIBED = DONE_WITH | {"analyzing"}
"""The transcript is there."""


def has_failed(status: str) -> bool:
    """Whether the pipeline gave up on a call with this status; docs/contract.md names none, so by the usual names."""
    return status in {"failed", "error"} or status.endswith("_failed")
