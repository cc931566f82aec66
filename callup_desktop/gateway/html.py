"""HTML without a template: elements that escape all that is put into them. Pure functions, any thread."""

from typing import Any
from xml.etree.ElementTree import Element, tostring

from callup_desktop.standard_streams import printable

Node = Element | str | None
"""What an element may hold: another one, a text, or nothing."""


def tag(name: str, /, *children: Node, **attributes: object) -> Element:
    """An element; "class_" is `class` and "aria_label" is `aria-label`. An attribute that is None is left out.

    Control characters in texts, which come from anywhere, are written out.
    """
    given = {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items() if value is not None}
    made = Element(name, {key: printable(value) for key, value in given.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif child is not None:
            _add_text(made, printable(child))
    return made


def style(rules: str) -> Element:
    """A style sheet of our own, which stands as it is."""
    made = Element("style")
    made.text = rules
    return made


def document(root: Element) -> bytes:
    """The page in UTF-8."""
    return b"<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html").encode()


def _add_text(parent: Element, text: str) -> None:
    last: Any = parent[-1] if len(parent) else None
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
