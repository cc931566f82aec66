"""Text from outside where Qt would guess whether it is markup: tool tips. Main thread."""

import html


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is: Qt takes one that looks like markup for markup, and opens its images."""
    return f"<span>{html.escape(text)}</span>" if "<" in text else text
