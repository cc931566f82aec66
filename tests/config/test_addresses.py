"""Whatever address a profile may hold, urllib3 and pymongo read in it what was read when it was loaded."""

import warnings
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.uri_parser import parse_uri
from urllib3.util import parse_url

from callup_desktop.config.addresses import AddressError, AddressFault, check_web_address, mongo_address

_HOSTS = ["db.acme.com", "A.b", "127.0.0.1", "[::1]", "localhost", "x.sock", "1.2.3", "0x7f", "[::FFFF:1.2.3.4]", "a_b"]
_PORTS = ["", "", ":1", ":443", ":0", ":080", ":65535", ":65536", ":99999", ":"]
_PATHS = ["", "/", "/a/b", "//", "/a/../b", "/.", "/a//b", "/~a_.-", "/..."]
_SWITCHES = ["true", "false", "True", "1", ""]
_VALUES = {
    "tls": _SWITCHES,
    "ssl": _SWITCHES,
    "directConnection": _SWITCHES,
    "loadBalanced": _SWITCHES,
    "retryWrites": _SWITCHES,
    "RETRYREADS": _SWITCHES,
    "journal": _SWITCHES,
    "replicaSet": ["rs0", "a+b", ""],
    "authSource": ["admin", "$external", ""],
    "authMechanism": ["SCRAM-SHA-256", "scram-sha-1", "DEFAULT", "MONGODB-X509", "MONGODB-OIDC", "x"],
    "authMechanismProperties": ["ENVIRONMENT:azure,TOKEN_RESOURCE:api://x+y", "ENVIRONMENT:", "ENVIRONMENT:a:b", "A"],
    "readPreference": ["primary", "secondaryPreferred", "PRIMARY", "x"],
    "w": ["majority", "2", "0", "-1", "+1", "1_0", "a-b", ""],
    "maxPoolSize": ["10", "-1", "1_0", "x", "0", ""],
    "appName": ["Cluster0", "a+b", "x" * 128, "x" * 129, ""],
}
_OPTIONS = st.lists(st.sampled_from(sorted(_VALUES)), max_size=4).flatmap(
    lambda names: st.tuples(*(st.sampled_from(_VALUES[name]).map(f"{name}={{}}".format) for name in names))
)


@pytest.mark.slow
@settings(max_examples=400)
@given(
    st.sampled_from(["mongodb", "mongodb+srv"]),
    st.sampled_from(["", "u@", "call%2Fup@", "a+b@", "%4"]),
    st.lists(st.tuples(st.sampled_from(_HOSTS), st.sampled_from(_PORTS)).map("".join), min_size=1, max_size=2),
    st.sampled_from(["", "/", "/calls"]),
    _OPTIONS,
)
def test_the_driver_reads_in_a_registrys_address_what_was_read(
    scheme: str, user: str, hosts: list[str], path: str, options: tuple[str, ...]
) -> None:
    address = f"{user}{','.join(hosts)}{path or '/'}"
    query = f"?{'&'.join(options)}" if options else ""
    try:
        ours = mongo_address(f"{scheme}://{address}{query}")
    except AddressError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # With the scheme of SRV it would ask the DNS.
        theirs = parse_uri(f"mongodb://{address}{query}")
    assert ours.hosts == tuple(theirs["nodelist"])
    assert ours.user == theirs["username"]
    assert dict(ours.options) == {name.lower(): value for name, value in theirs["options"].items()}


@pytest.mark.slow
@settings(max_examples=400)
@given(
    st.sampled_from(["https://", "HTTPS://", "http://", "https:", "https:///"]),
    st.sampled_from(["", "u@", "u:p@"]),
    st.sampled_from(_HOSTS),
    st.sampled_from(_PORTS),
    st.sampled_from(_PATHS),
    st.text(alphabet="/.%\\?#@:a1[] ", max_size=3),
)
def test_no_parser_reads_another_server_in_a_web_address(
    scheme: str, user: str, host: str, port: str, path: str, rest: str
) -> None:
    url = f"{scheme}{user}{host}{port}{path}{rest}"
    try:
        check_web_address(url)
    except AddressError:
        return
    one, other = parse_url(url), urlsplit(url)
    assert one.url.lower() == url.lower()
    assert (one.auth, one.query, one.fragment) == (None, None, None)
    assert (one.scheme, (one.host or "").strip("[]"), one.port) == (other.scheme, other.hostname, other.port)


def test_the_idle_time_of_a_connection_reaches_the_driver_in_milliseconds() -> None:
    options = mongo_address("mongodb://db.acme.com/?tls=true&maxIdleTimeMS=60000").options
    assert options["maxidletimems"] == 60_000


@pytest.mark.parametrize(
    ("option", "name"), [("maxIdleTimeMS=0", "maxIdleTimeMS"), ("maxPoolSize=many", "maxPoolSize"), ("w=+0", "w")]
)
def test_a_value_that_the_driver_would_refuse_is_told_by_the_name_of_its_option(option: str, name: str) -> None:
    with pytest.raises(AddressError) as raised:
        mongo_address(f"mongodb://db.acme.com/?tls=true&{option}")
    assert (raised.value.fault, raised.value.option) == (AddressFault.OPTION, name)


def test_the_name_that_a_certificate_has_to_have_stays_and_without_one_an_address_is_asked_for() -> None:
    assert mongo_address("mongodb://localhost/?tls=true").uri == "mongodb://localhost:27017/"
    assert mongo_address("mongodb://localhost/").uri == "mongodb://127.0.0.1:27017/"
