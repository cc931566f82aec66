"""Nothing travels without TLS but to this computer, whatever tricks an address in a profile plays on its readers."""

import socket
import tomllib
from pathlib import Path

import pytest
import tomli_w
from botocore.awsrequest import AWSRequest

from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.engine.errors import CallError, Code
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.mongo import connect
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.transport import Transport
from tests.security.conftest import ACME
from tests.services.front import front_of


def loaded(folder: Path, **changes: object) -> Profile:
    file = folder / "mailed.callup"
    file.write_text(tomli_w.dumps(ACME | changes), encoding="utf-8")
    return load_profile(file)


WEB_TRICKS = [
    "http://evil.test\\@127.0.0.1",
    "http://evil.test:80\\@localhost/",
    "http://127.0.0.1@evil.test/",
    "http://127.0.0.1#@evil.test/",
    "http://127.0.0.1?@evil.test/",
    "http://user@127.0.0.1/",
    "http://user:word@127.0.0.1/",
    "http://127.0.0.1%2eevil.test/",
    "http://%6cocalhost/",
    "http://127.0.0.1\t.evil.test/",
    "http://127.0.0.1\n.evil.test/",
    "http://127.0.0.1 .evil.test/",
    "http://localhost./",
    "http://localhost.evil.test/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1%25lo]/",
    "http://[::ffff:10.0.0.1]/",
    "http://\uff4cocalhost/",
    "http://loc\u00adalhost/",
    "http://localh\u00f6st/",
    "http:\\\\127.0.0.1\\",
    "http:///127.0.0.1/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:80:80/",
    "https://user:word@s3.acme.com/",
    "https://s3.acme.com\\@127.0.0.1/",
    "https://s3.acme.com/?next=evil.test",
    "https://s3.acme.com/#evil.test",
]


@pytest.mark.parametrize("key", ["endpoint", "queue_url", "update_url"])
@pytest.mark.parametrize("url", WEB_TRICKS)
def test_an_address_that_two_parsers_may_read_differently_is_refused(tmp_path: Path, key: str, url: str) -> None:
    updates = {"update_root": "a" * 64} if key == "update_url" else {}
    with pytest.raises(ProfileError):
        loaded(tmp_path, **{key: url}, **updates)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000",
        "http://localhost:9000/",
        "http://[::1]:9000/",
        "https://S3.Acme.com:8443/path",
        "https://db1:8443",
    ],
)
def test_an_honest_address_is_taken(tmp_path: Path, url: str) -> None:
    assert loaded(tmp_path, endpoint=url).endpoint == url


@pytest.mark.parametrize(
    "region", ["eu-west-1.evil.test/#", "x/", "a.b", "-", "eu west", "\u0435u-west-1", "a" * 64, "x@evil.test"]
)
def test_a_region_is_no_part_of_an_address_that_leads_elsewhere(tmp_path: Path, region: str) -> None:
    with pytest.raises(ProfileError):
        loaded(tmp_path, region=region)


MONGO_TRICKS = [
    "mongodb://u@127.0.0.1#.x,evil.test/",
    "mongodb://127.0.0.1/?tls=true&tls=fal%73e",
    "mongodb://evil.test/?tls=true&tls=fal%73e",
    "mongodb://evil.test/?tls=true&ssl=false",
    "mongodb://evil.test/?tls=true&TLS=false",
    "mongodb://evil.test/?tls=true;tls=false",
    "mongodb://evil.test/?tl%73=false&tls=true",
    "mongodb://evil.test/?tls=true#&tls=false",
    "mongodb://evil.test/?tls=True%20",
    "mongodb+srv://evil.test/?tls=false",
    "mongodb+srv://evil.test/?ssl=false",
    "mongodb://127.0.0.1,evil.test/",
    "mongodb://127.0.0.1,127.0.0.2/",
    "mongodb://localhost./",
    "mongodb://127.1/",
    "mongodb://2130706433/",
    "mongodb://[::1%25eth0]/",
    "mongodb://%2Ftmp%2Fmongodb-27017.sock/",
    "mongodb://127.0.0.1\\@evil.test/",
    "mongodb://evil.test\\@127.0.0.1/",
    "mongodb://a@127.0.0.1@evil.test/",
    "mongodb://u:word@127.0.0.1/",
    "mongodb://u:@127.0.0.1/",
    "mongodb://127.0.0.1/?replicaSet=rs0",
    "MONGODB://evil.test/?tls=true",
    "mongodb://" + ",".join(f"a{number}.evil.test" for number in range(51)) + "/?tls=true",
]


@pytest.mark.parametrize("uri", MONGO_TRICKS)
def test_a_registry_that_only_seems_to_be_here_or_encrypted_is_refused(tmp_path: Path, uri: str) -> None:
    with pytest.raises(ProfileError):
        loaded(tmp_path, mongo_uri=uri)


UNSAFE_OPTIONS = [
    "tlsInsecure=true",
    "tlsAllowInvalidCertificates=true",
    "tlsAllowInvalidHostnames=true",
    "tlsDisableOCSPEndpointCheck=true",
    "tlsCAFile=\\\\evil.test\\share\\ca.pem",
    "tlsCAFile=//evil.test/share/ca.pem",
    "tlsCAFile=%5C%5Cevil.test%5Cshare%5Cca.pem",
    "tlsCAFile=ca.pem",
    "tlsCAFile=../ca.pem",
    "tlsCAFile=file:///tmp/ca.pem",
    "tlsCAFile=/etc/ca.pem\rIt is safe to go on.",
    "tlsCAFile=/etc/ca.pem\0",
    "appName=\x1b[31mcallup",
    "tlsCRLFile=/tmp/crl.pem",
    "tlsCertificateKeyFile=key.pem",
    "tlsCertificateKeyFile=//evil.test/share/key.pem",
    "tlsCertificateKeyFilePassword=word",
    "authMechanism=PLAIN",
    "authMechanism=GSSAPI",
    "authMechanism=MONGODB-AWS&authSource=$external",
    "authMechanismProperties=AWS_SESSION_TOKEN:word",
    "authMechanismProperties=ENVIRONMENT:azure",
    "proxyHost=evil.test&proxyPort=1080",
    "proxyPassword=word",
    "srvServiceName=evil",
    "srvMaxHosts=1",
    "srvAllowedHostsSuffix=.test",
    "w=0",
    "unknownOption=1",
]


@pytest.mark.parametrize("options", UNSAFE_OPTIONS)
def test_an_option_of_mongodb_that_nobody_allowed_is_refused(tmp_path: Path, options: str) -> None:
    with pytest.raises(ProfileError):
        loaded(tmp_path, mongo_uri=f"mongodb://callup@db.acme.com/?tls=true&{options}")


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb+srv://callup@cluster0.acme.mongodb.net/?retryWrites=true&w=majority&appName=Cluster0",
        "mongodb://callup@a.acme.com:27017,b.acme.com:27018/?tls=true&replicaSet=rs0&authSource=admin",
        "mongodb://call%2Fup@db.acme.com/?ssl=true&authMechanism=SCRAM-SHA-256",
        "mongodb://db.acme.com/?tls=true&authMechanism=MONGODB-X509&tlsCertificateKeyFile=/etc/callup-desktop/rep.pem",
        "mongodb://127.0.0.1:27017/?directConnection=true",
        "mongodb://[::1]:27017",
        "mongodb://localhost",
    ],
)
def test_an_honest_registry_is_taken(tmp_path: Path, uri: str) -> None:
    assert loaded(tmp_path, mongo_uri=uri).mongo_uri == uri


@pytest.mark.parametrize("key", ["mongo_uri", "queue_url"])
def test_a_profile_of_the_sandbox_leads_nowhere_else(tmp_path: Path, sandbox: Running, key: str) -> None:
    values = tomllib.loads(sandbox.profile.read_text(encoding="utf-8"))
    elsewhere = {"mongo_uri": "mongodb+srv://evil.test/", "queue_url": "https://evil.test/1/q"}
    with pytest.raises(ProfileError):
        loaded(tmp_path, **{**values, key: elsewhere[key]})


def test_what_answers_to_localhost_on_another_computer_gets_no_request(
    sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name leads to another address of this machine, as a poisoned hosts file would lead to another machine."""
    away = an_address_that_is_not_loopback()
    with front_of(sandbox.s3_endpoint, host=away) as front:
        port = front.endpoint.rpartition(":")[2]
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda _host, port, *_args, **_named: [
                (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (away, int(port)))
            ],
        )
        transport = Transport(connections=1)
        request = AWSRequest(method="PUT", url=f"http://localhost:{port}/bucket/key", data=b"a recording").prepare()
        with pytest.raises(CallError) as raised:
            transport.send(request)
        transport.reset()
        arrived = list(front.arrived)
    assert arrived == []
    assert raised.value.code == Code.NOT_THIS_COMPUTER


def test_the_registry_at_localhost_is_asked_for_by_its_address(sandbox: Running, tmp_path: Path) -> None:
    """A name could lead elsewhere, and a server could name others; neither is followed without TLS."""
    named = loaded(tmp_path, mongo_uri="mongodb://localhost:27999/")
    with connect(named, open_secrets(named, sandbox.profile, environ={"CALLUP_MONGO_PASSWORD": "p"})) as client:
        options = client.options
        seeds = client.topology_description.server_descriptions()
    assert list(seeds) == [("127.0.0.1", 27999)]
    assert options.direct_connection


def an_address_that_is_not_loopback() -> str:
    """An address of this machine that other machines could reach; nothing is sent to the one that is asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address = str(probe.getsockname()[0])
        except OSError:
            address = socket.gethostbyname(socket.gethostname())
    if address.startswith("127."):
        pytest.skip("this machine has no address but loopback")
    return address
