"""The wrong hop is blamed, and the wrong person sent away.

A certificate of the call list that ran out read "we keep trying"; behind a proxy the store's own authority was named;
a mistyped address was "you're offline", a SOCKS proxy "the connection dropped". People waited, or asked the wrong desk.
Each fault here is real, and each says in which step of the check it shows, in which sentence, and who can act; a call
that meets it says the same.
"""

import os
import socket
import ssl
import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bson
import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Actor, Code, info_of
from callup_desktop.engine.job import Trouble
from callup_desktop.engine.ports import CheckStep
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services import network
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from tests.faults.laptop import Laptop
from tests.services.certificates import ORGANISATION, Authority, self_signed, server_context
from tests.services.front import Reply, front_of
from tests.services.outside import PlainS3
from tests.services.test_secrets import GoodKeyring
from tests.services.tls_front import LOOPBACK, accepting, inspecting_proxy, relay, tls_front

NOBODY = "no-such-host.invalid"
STORE = "storage.example.invalid"


@dataclass
class Here:
    """What a fault changes: the profile, the keys, the environment; `stack` ends its servers."""

    profile: Profile
    secrets: Secrets
    folder: Path
    sandbox: Running
    seaweed: PlainS3
    patch: pytest.MonkeyPatch
    stack: ExitStack = field(default_factory=ExitStack)

    def change(self, **values: str | None) -> None:
        self.profile = self.profile.model_copy(update=values)

    def certificate(self, *, trusted: bool = False, **valid: Any) -> Path:
        """A certificate of its own; `trusted` as where IT installed it."""
        file = self_signed(self.folder / "server.pem", **valid)
        if trusted:
            self.patch.setenv("SSL_CERT_FILE", str(file))
        return file

    def front(self, backend: str, context: ssl.SSLContext) -> int:
        """TLS before one of the sandbox's servers; its port."""
        parts = urlsplit(backend)
        return self.stack.enter_context(tls_front((LOOPBACK, parts.port or 0), context))

    def listen(self, serve: Callable[[socket.socket], None]) -> int:
        return self.stack.enter_context(accepting(serve))


@dataclass(frozen=True)
class Fault:
    """How it is made, where it shows, and what is said of it to whom."""

    name: str
    make: Callable[[Here], None]
    step: CheckStep
    code: Code
    actor: Actor
    sentence: str
    unknown_name: bool = False
    """Whether it is a name that nobody has, which only a network can tell."""


# --- the storage ------------------------------------------------------------------------------------------------------


def storage_shows(**valid: Any) -> Callable[[Here], None]:
    def make(here: Here) -> None:
        port = here.front(here.seaweed.endpoint, server_context(here.certificate(**valid)))
        here.change(endpoint=f"https://{LOOPBACK}:{port}")

    return make


def storage_told(here: Here, days: int) -> str:
    """A storage that tells whoever asks that it is so many days later."""
    date = format_datetime(datetime.now(UTC) + timedelta(days=days), usegmt=True)
    front = here.stack.enter_context(front_of(here.seaweed.endpoint))
    front.change("", lambda reply: replace(reply, headers=reply.headers | {"Date": date}), times=99)
    return front.endpoint


def storage_of_another_day(days: int, **valid: Any) -> Callable[[Here], None]:
    def make(here: Here) -> None:
        port = here.front(storage_told(here, days), server_context(here.certificate(trusted=True, **valid)))
        here.change(endpoint=f"https://{LOOPBACK}:{port}")

    return make


def old_tls(file: Path) -> ssl.SSLContext:
    context = server_context(file)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


def storage_with_old_tls(here: Here) -> None:
    port = here.front(here.seaweed.endpoint, old_tls(here.certificate(trusted=True)))
    here.change(endpoint=f"https://{LOOPBACK}:{port}")


def storage_without_tls(here: Here) -> None:
    here.change(endpoint=here.seaweed.endpoint.replace("http://", "https://"))


def inspected(here: Here) -> None:
    proxy = here.stack.enter_context(inspecting_proxy(Authority(here.folder), lambda *_asked: Reply(404, {})))
    here.patch.setenv("HTTPS_PROXY", proxy.url)
    here.change(endpoint=f"https://{STORE}")


def storage_mistyped(here: Here) -> None:
    here.change(endpoint=f"https://{NOBODY}")


def proxied_by(url: str) -> Callable[[Here], None]:
    def make(here: Here) -> None:
        here.patch.setenv("HTTPS_PROXY", url)
        here.change(endpoint=f"https://{STORE}")

    return make


def plain_proxy_named_https(here: Here) -> None:
    """A proxy for http, named as one that is spoken to over TLS."""
    port = here.listen(lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n") if client.recv(99) else None)
    proxied_by(f"https://{LOOPBACK}:{port}")(here)


STORAGE = (
    Fault(
        "an authority that nobody here trusts",
        storage_shows(),
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "Your company's network is checking this connection with a certificate we don't trust (Acme Inspection)."
        " Please send this to IT.",
    ),
    Fault(
        "a certificate that ran out",
        storage_shows(trusted=True, since=-3, until=-1),
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "The certificate of 127.0.0.1 is out of date, or this computer's clock is wrong. Please send this to IT.",
    ),
    Fault(
        "a certificate that is not valid yet",
        storage_shows(trusted=True, since=1, until=3),
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "The certificate of 127.0.0.1 is out of date, or this computer's clock is wrong. Please send this to IT.",
    ),
    Fault(
        "a clock that is two days slow, by which the certificate is not valid yet",
        storage_of_another_day(2, since=1, until=3),
        CheckStep.TLS,
        Code.CLOCK_WRONG,
        Actor.REP,
        "Your computer's clock is 2 days off. Please turn on automatic time.",
    ),
    Fault(
        "a clock that is two days fast, by which the certificate ran out",
        storage_of_another_day(-2, since=-3, until=-1),
        CheckStep.STORAGE,
        Code.CLOCK_WRONG,
        Actor.REP,
        "Your computer's clock is 2 days off. Please turn on automatic time.",
    ),
    Fault(
        "a certificate that ran out before the clock went wrong",
        storage_of_another_day(2, since=-3, until=-1),
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "The certificate of 127.0.0.1 is out of date, or this computer's clock is wrong. Please send this to IT.",
    ),
    Fault(
        "a certificate for another host",
        storage_shows(trusted=True, host="other.example"),
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "127.0.0.1 shows a certificate for another name. Please send this to IT.",
    ),
    Fault(
        "TLS 1.1",
        storage_with_old_tls,
        CheckStep.TLS,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        "127.0.0.1 only offers encryption that is out of date. Please send this to IT.",
    ),
    Fault(
        "TLS asked of a port without it",
        storage_without_tls,
        CheckStep.TLS,
        Code.WRONG_BUCKET,
        Actor.IT,
        "The storage address in our settings is wrong. Please send this to IT.",
    ),
    Fault(
        "a proxy that looks into TLS: its own authority, not the store's",
        inspected,
        CheckStep.STORAGE,
        Code.TLS_UNTRUSTED,
        Actor.IT,
        f"Your company's network is checking this connection with a certificate we don't trust ({ORGANISATION})."
        " Please send this to IT.",
    ),
    Fault(
        "a mistyped address",
        storage_mistyped,
        CheckStep.STORAGE,
        Code.NAME_UNKNOWN,
        Actor.IT,
        f"This computer can't find {NOBODY}. If web pages open, please send this to IT; nothing is lost.",
        unknown_name=True,
    ),
    Fault(
        "a mistyped proxy",
        proxied_by(f"http://{NOBODY}:3128"),
        CheckStep.STORAGE,
        Code.NAME_UNKNOWN,
        Actor.IT,
        f"This computer can't find {NOBODY}. If web pages open, please send this to IT; nothing is lost.",
        unknown_name=True,
    ),
    Fault(
        "a SOCKS proxy",
        proxied_by(f"socks5h://{LOOPBACK}:1080"),
        CheckStep.STORAGE,
        Code.PROXY_UNUSABLE,
        Actor.IT,
        "This computer's proxy (socks5h) isn't one that we can use. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "TLS asked of a proxy without it",
        plain_proxy_named_https,
        CheckStep.STORAGE,
        Code.PROXY_UNUSABLE,
        Actor.IT,
        "This computer's proxy (https) isn't one that we can use. Please send this to IT; nothing is lost.",
    ),
)


# --- the registry -----------------------------------------------------------------------------------------------------


def port_of(uri: str) -> int:
    return urlsplit(uri).port or 0


def registry_shows(context: Callable[[Path], ssl.SSLContext] = server_context, **valid: Any) -> Callable[[Here], None]:
    def make(here: Here) -> None:
        port = here.front(here.profile.mongo_uri, context(here.certificate(**valid)))
        here.change(mongo_uri=f"mongodb://{LOOPBACK}:{port}/?directConnection=true&tls=true")

    return make


def registry_of_another_day(here: Here) -> None:
    registry_shows(trusted=True, since=1, until=3)(here)
    here.change(endpoint=storage_told(here, 2))


def wants_a_certificate(file: Path) -> ssl.SSLContext:
    context = server_context(file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(file)
    return context


def registry_without_tls(here: Here) -> None:
    """As mongod does: a TLS greeting is no message of its protocol, so it closes the connection."""
    backend = (LOOPBACK, port_of(here.profile.mongo_uri))

    def serve(client: socket.socket) -> None:
        if client.recv(1, socket.MSG_PEEK) != b"\x16":
            relay(client, backend)

    here.change(mongo_uri=f"mongodb://{LOOPBACK}:{here.listen(serve)}/?directConnection=true&tls=true")


def registry_with_tls_only(here: Here) -> None:
    port = here.front(here.profile.mongo_uri, server_context(here.certificate(trusted=True)))
    here.change(mongo_uri=f"mongodb://{LOOPBACK}:{port}/?directConnection=true")


def other_set(options: str) -> Callable[[Here], None]:
    def make(here: Here) -> None:
        port = here.front(here.profile.mongo_uri, server_context(here.certificate(trusted=True)))
        here.change(mongo_uri=f"mongodb://{LOOPBACK}:{port}/?tls=true&replicaSet=calls{options}")

    return make


def named_inside(here: Here) -> None:
    """A member that tells the names which the servers have among themselves."""
    member = f"mongo-0.{NOBODY}:27017"
    told = {"ok": 1.0, "setName": "calls", "hosts": [member], "me": member, "primary": member, "secondary": False}
    told |= {"isWritablePrimary": True, "ismaster": True, "maxWireVersion": 25, "minWireVersion": 0}
    context = server_context(here.certificate(trusted=True))

    def serve(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secure, secure.makefile("rb") as asked:
            while head := asked.read(16):
                length, request_id = struct.unpack_from("<ii", head)
                asked.read(length - 16)
                body = struct.pack("<iB", 0, 0) + bson.encode(told)
                secure.sendall(struct.pack("<iiii", 16 + len(body), 0, request_id, 2013) + body)

    here.change(mongo_uri=f"mongodb://{LOOPBACK}:{here.listen(serve)}/?tls=true&replicaSet=calls")


def registry_mistyped(here: Here) -> None:
    here.change(mongo_uri=f"mongodb://{NOBODY}/?tls=true")


def cluster_mistyped(here: Here) -> None:
    here.change(mongo_uri=f"mongodb+srv://{NOBODY}/")


REGISTRY = (
    Fault(
        "an authority that nobody here trusts",
        registry_shows(),
        CheckStep.REGISTRY,
        Code.REGISTRY_UNTRUSTED,
        Actor.IT,
        "This computer doesn't trust the certificate of the call list (Acme Inspection). Please send this to IT;"
        " nothing is lost.",
    ),
    Fault(
        "a certificate that ran out",
        registry_shows(trusted=True, since=-3, until=-1),
        CheckStep.REGISTRY,
        Code.REGISTRY_UNTRUSTED,
        Actor.IT,
        "The certificate of the call list is out of date, or this computer's clock is wrong. Please send this to IT;"
        " nothing is lost.",
    ),
    Fault(
        "a clock that is two days slow, by which the certificate is not valid yet",
        registry_of_another_day,
        CheckStep.REGISTRY,
        Code.CLOCK_WRONG,
        Actor.REP,
        "Your computer's clock is 2 days off. Please turn on automatic time.",
    ),
    Fault(
        "a certificate for another host",
        registry_shows(trusted=True, host="other.example"),
        CheckStep.REGISTRY,
        Code.REGISTRY_UNTRUSTED,
        Actor.IT,
        "The call list shows a certificate for another name than {host}. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "TLS 1.1",
        registry_shows(old_tls, trusted=True),
        CheckStep.REGISTRY,
        Code.REGISTRY_UNTRUSTED,
        Actor.IT,
        "The call list only offers encryption that is out of date. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "a certificate that this computer should have",
        registry_shows(wants_a_certificate, trusted=True),
        CheckStep.REGISTRY,
        Code.REGISTRY_UNTRUSTED,
        Actor.IT,
        "The call list wants a certificate that this computer doesn't have. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "TLS asked of a server without it",
        registry_without_tls,
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        "Our settings want TLS, and the call list at {host} doesn't speak it. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "no TLS asked of a server that wants it",
        registry_with_tls_only,
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        "The call list at {host} wants TLS, and our settings don't say so. Please send this to IT; nothing is lost.",
    ),
    Fault(
        "another replica set",
        other_set(""),
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        "The call list isn't the replica set that our settings name (calls). Please send this to IT; nothing is lost.",
    ),
    Fault(
        "another replica set, asked directly",
        other_set("&directConnection=true"),
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        "The call list isn't the replica set that our settings name (calls). Please send this to IT; nothing is lost.",
    ),
    Fault(
        "names of an inner network",
        named_inside,
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        f"This computer can't find mongo-0.{NOBODY}:27017, a server of the call list. Please send this to IT;"
        " nothing is lost.",
        unknown_name=True,
    ),
    Fault(
        "a mistyped address",
        registry_mistyped,
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        f"This computer can't find {NOBODY}:27017, a server of the call list. Please send this to IT; nothing is lost.",
        unknown_name=True,
    ),
    Fault(
        "a mistyped cluster",
        cluster_mistyped,
        CheckStep.REGISTRY,
        Code.REGISTRY_ADDRESS,
        Actor.IT,
        "The address of the call list in our settings is wrong. Please send this to IT; nothing is lost.",
        unknown_name=True,
    ),
)


# --- queue and keys ---------------------------------------------------------------------------------------------------


def queue_of_another_day(here: Here) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(days=2), usegmt=True)
    front = here.stack.enter_context(front_of(here.sandbox.sqs_endpoint))
    front.change("", lambda reply: replace(reply, headers=reply.headers | {"Date": date}), times=99)
    port = here.front(front.endpoint, server_context(here.certificate(trusted=True, since=1, until=3)))
    here.change(queue_url=f"https://{LOOPBACK}:{port}{urlsplit(here.profile.queue_url).path}")


def queue_mistyped(here: Here) -> None:
    here.change(queue_url=f"https://{NOBODY}/123456789012/calls")


def signed_out(here: Here) -> None:
    """Single sign-on that ended yesterday."""
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        here.patch.delenv(variable)
    config = here.folder / "config"
    config.write_text(
        "[default]\nregion = eu-west-1\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n"
        "sso_account_id = 1\nsso_role_name = rep\n",
        encoding="utf-8",
    )
    here.patch.setenv("AWS_CONFIG_FILE", str(config))
    here.patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(here.folder / "none"))
    here.patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    here.profile = here.profile.model_copy(update={"credentials": "aws"})
    here.secrets = open_secrets(here.profile, here.folder / "x", vault=Vault("Acme", GoodKeyring()), environ={})


OTHERS = (
    Fault(
        "a clock that is two days slow, by which the queue's certificate is not valid yet",
        queue_of_another_day,
        CheckStep.QUEUE,
        Code.CLOCK_WRONG,
        Actor.REP,
        "Your computer's clock is 2 days off. Please turn on automatic time.",
    ),
    Fault(
        "a mistyped queue",
        queue_mistyped,
        CheckStep.QUEUE,
        Code.NAME_UNKNOWN,
        Actor.IT,
        f"This computer can't find {NOBODY}. If web pages open, please send this to IT; nothing is lost.",
        unknown_name=True,
    ),
    Fault(
        "a sign-in that ended",
        signed_out,
        CheckStep.KEYRING,
        Code.SIGN_IN,
        Actor.REP,
        "Please sign in again to continue. Your uploads are kept.",
    ),
)

FAULTS = [
    pytest.param(fault, id=f"{where}: {fault.name}")
    for where, faults in (("storage", STORAGE), ("registry", REGISTRY), ("others", OTHERS))
    for fault in faults
]


@pytest.fixture
def here(
    tmp_path: Path,
    profile: Profile,
    secrets: Secrets,
    sandbox: Running,
    seaweed: PlainS3,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Here]:
    here = Here(profile, secrets, tmp_path, sandbox, seaweed, monkeypatch)
    with here.stack:
        yield here


def sentence_of(code: str, params: Any) -> str:
    return Messages().sentence(Trouble(code, datetime.now(UTC), params=params))


def expected(fault: Fault, params: Any) -> str:
    return fault.sentence.replace("{host}", str(params.get("host", "")))


def names_are_told(fault: Fault) -> None:
    if fault.unknown_name and not network.has_route():
        pytest.skip("this computer is in no network that could say that nobody has a name")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_names_the_step_the_trouble_and_the_person(fault: Fault, here: Here) -> None:
    names_are_told(fault)
    fault.make(here)

    results = {result.step: result for result in run_checks(here.profile, here.secrets, timeout=2)}

    found = results[fault.step]
    assert found.code == fault.code
    assert sentence_of(found.code, found.params) == expected(fault, found.params)
    assert info_of(found.code).actor is fault.actor
    assert [step for step, result in results.items() if result.code == Code.BUG] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_that_meets_it_says_the_same(fault: Fault, here: Here, short: Path) -> None:
    names_are_told(fault)
    fault.make(here)

    with Laptop(here.folder, here.profile, here.secrets, stall=2.0) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.blocked_by() == fault.code)
        trouble = laptop.status().blocked

    assert trouble is not None
    assert Messages().sentence(trouble) == expected(fault, trouble.params)
    assert laptop.jobs[call].trouble is not None


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "code"), [(0, ""), (3650, Code.CLOCK_WRONG)], ids=["right", "ten years off"])
def test_the_clock_is_asked_of_the_storage_itself_though_its_certificate_is_not_believed(
    days: int, code: str, here: Here
) -> None:
    """On the port of the storage: on port 80 of the same host somebody else may answer, or nobody."""
    date = format_datetime(datetime.now(UTC) + timedelta(days=days), usegmt=True).encode()
    context = server_context(here.certificate())

    def serve(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as secure:
            secure.recv(4096)
            secure.sendall(
                b"HTTP/1.1 200 OK\r\nx-amz-request-id: R1\r\nContent-Length: 0\r\nDate: " + date + b"\r\n\r\n"
            )

    here.change(endpoint=f"https://{LOOPBACK}:{here.listen(serve)}")
    result = next(result for result in run_checks(here.profile, here.secrets) if result.step is CheckStep.CLOCK)

    assert (result.ok, result.code) == (not code, code)
