"""Parts on their way to the storage by signed URLs, over the transport that all uploads take. Any thread."""

from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.exceptions import ClientError
from botocore.parsers import create_parser

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Body
from callup_desktop.services.direct_shapes import SignedPartView
from callup_desktop.services.gateway.signed_urls import CHECKSUM_HEADER
from callup_desktop.services.s3.errors import translate
from callup_desktop.services.s3.requests import etag_of, rewound
from callup_desktop.services.transport import Transport

_FORBIDDEN, _ERROR = 403, 300
_OPERATION = "UploadPart"


class TakeUrl(Protocol):
    """Brings the URL of one part."""

    def __call__(self, *, anew: bool) -> SignedPartView:
        """`anew` where the storage refused an earlier one; raises CallError."""
        ...


class SignedPuts:
    """Sends parts. The URL of one that the storage refuses may be past its time, so another one is taken."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.host = ""
        """Of the storage, "" before the first part."""

    def put(self, take: TakeUrl, checksum: str, body: Body) -> Part:
        """Store the body as the part whose URL is taken; raises CallError, and Cancelled from the body."""
        signed = take(anew=False)
        response = self._send(signed, body)
        if response.status_code == _FORBIDDEN:
            signed = take(anew=True)
            response = self._send(signed, body)
        if response.status_code >= _ERROR:
            raise translate(ClientError(_refusal_in(response), _OPERATION))
        told = response.headers.get(CHECKSUM_HEADER, checksum)
        if told != checksum:
            raise TransientError(Code.PART_DAMAGED, "the store acknowledged other bytes")
        return Part(signed.number, len(body), etag_of({"ETag": response.headers.get("etag")}), checksum)

    def _send(self, signed: SignedPartView, body: Body) -> AWSResponse:
        headers = {**signed.headers, "Expect": "100-continue"}
        self.host = urlsplit(signed.url).netloc
        request = AWSRequest(method="PUT", url=signed.url, headers=headers, data=rewound(body))
        return self._transport.send(request.prepare(), f"signed.{_OPERATION}")


def _refusal_in(response: AWSResponse) -> Any:
    """What the storage says, as botocore reads it."""
    told: Any = {"status_code": response.status_code, "headers": dict(response.headers), "body": response.content}
    of_no_operation: Any = None
    return create_parser("rest-xml").parse(told, of_no_operation)
