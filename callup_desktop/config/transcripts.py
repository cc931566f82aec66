"""Where the transcript of a call is read: the address template in a profile. Any thread."""

import re
from urllib.parse import quote

from callup_desktop.config.addresses import check_web_address

PLACE = "{call_id}"
"""Stands in the template for the id of the call, once, behind the host."""
_REST = re.compile(r"[A-Za-z0-9._~/?&=#!:@-]*")
"""What a query or a fragment may hold beside the place: nothing that a browser reads in two ways."""


class TemplateError(ValueError):
    """Raised for a template without the place, with it in the host, or with more than one."""


def check_template(template: str) -> None:
    """Raise TemplateError or AddressError unless the template leads to one page a call, by TLS or on this computer."""
    if template.count(PLACE) != 1 or PLACE in template.partition("://")[2].partition("/")[0]:
        raise TemplateError
    address = template.replace(PLACE, "0")
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    if not _REST.fullmatch(address[len(path) :]):
        raise TemplateError
    check_web_address(path)


def transcript_page(template: str, call_id: str) -> str:
    """The address of the page with the transcript of this call."""
    return template.replace(PLACE, quote(call_id, safe=""))
