"""Parts on their way to the storage by signed URLs, over the transport that all uploads take. Any thread."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.exceptions import ClientError
from botocore.parsers import create_parser

from callup_desktop.engine.errors import Code, TransientError
from callup_desktop.engine.parts import Part
from callup_desktop.engine.ports import Algorithm, Body
from callup_desktop.services.direct_shapes import SignedParts, SignedPartView
from callup_desktop.services.s3.errors import translate
from callup_desktop.services.s3.requests import etag_of, rewound
from callup_desktop.services.transport import Transport

_FORBIDDEN, _ERROR = 403, 300
_OPERATION = "UploadPart"
_CHECKSUM = f"x-amz-checksum-{Algorithm.CRC64NVME.lower()}"


class SignedPuts:
    """Sends parts. The URL of one that the storage refuses may be past its time, so it is signed once more."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.host = ""
        """Of the storage, "" before the first part."""

    def put(self, sign: Callable[[], SignedParts], checksum: str, body: Body) -> Part:
        """Store the body as the part that is signed; raises CallError, and Cancelled from the body."""
        (signed,) = sign().parts
        response = self._send(signed, body)
        if response.status_code == _FORBIDDEN:
            (signed,) = sign().parts
            response = self._send(signed, body)
        if response.status_code >= _ERROR:
            raise translate(ClientError(_refusal_in(response), _OPERATION))
        told = response.headers.get(_CHECKSUM, checksum)
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
