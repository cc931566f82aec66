"""A company's own authority stands in the profile, and counts for the profile's servers only after somebody said so."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from urllib3 import Timeout
from urllib3.exceptions import SSLError

from callup_desktop.choice import Choice
from callup_desktop.compose import choose_profile
from callup_desktop.config.authorities import MOST_AUTHORITIES
from callup_desktop.config.destination import LocalUse
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.config.profiles import ProfileStore
from callup_desktop.engine.errors import Code
from callup_desktop.engine.ports import CheckStep
from callup_desktop.instance.client import StartError
from callup_desktop.presentation.messages import Messages
from callup_desktop.presentation.profile_import import ImportPreviewWriter
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.queue_address import address_of
from callup_desktop.services.secrets import open_secrets
from callup_desktop.services.transport import open_pool
from callup_desktop.services.way import Way
from tests.security.conftest import ACME, Written
from tests.services.certificates import ORGANISATION, Authority
from tests.services.tls_front import LOOPBACK, tls_front


@dataclass(frozen=True)
class Company:
    """Servers whose certificates only the company's own authority vouches for."""

    authority: Authority
    profile: Profile
    keys: Path

    @property
    def pem(self) -> str:
        return self.authority.root.read_text()

    def failures(self, **changes: object) -> dict[CheckStep, str]:
        profile = self.profile.model_copy(update=changes)
        secrets = open_secrets(profile, self.keys, environ={})
        return {result.step: result.code for result in run_checks(profile, secrets) if not result.ok}


@pytest.fixture
def company(tmp_path: Path, sandbox: Running, profile: Profile) -> Iterator[Company]:
    authority = Authority(tmp_path)
    context = authority.vouched(LOOPBACK)
    queue = address_of(profile.queue_url, profile.region).endpoint
    with ExitStack() as stack:

        def front(port: int) -> str:
            return f"{LOOPBACK}:{stack.enter_context(tls_front((LOOPBACK, port), context))}"

        def port_of(url: str) -> int:
            return int(url.rstrip("/").rpartition(":")[2])

        changes = {
            "endpoint": f"https://{front(port_of(sandbox.s3_endpoint))}",
            "queue_url": profile.queue_url.replace(queue, f"https://{front(port_of(queue))}"),
            "mongo_uri": f"mongodb://{front(profile.registry.hosts[0][1])}/?tls=true&directConnection=true",
        }
        yield Company(authority, profile.model_copy(update=changes), sandbox.profile)


def test_every_server_of_the_profile_is_believed_that_its_authority_vouches_for(company: Company) -> None:
    assert company.failures(authority=company.pem) == {}

    untrusted = company.failures()
    assert untrusted[CheckStep.STORAGE] == untrusted[CheckStep.QUEUE] == Code.TLS_UNTRUSTED
    assert CheckStep.REGISTRY in untrusted


def test_an_authority_of_somebody_else_vouches_for_nothing(company: Company, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    failures = company.failures(authority=Authority(tmp_path / "other").root.read_text())

    assert {CheckStep.STORAGE, CheckStep.REGISTRY, CheckStep.QUEUE} <= failures.keys()


def test_a_look_for_updates_believes_it_too(company: Company) -> None:
    url = f"{company.profile.endpoint}/"
    wait = Timeout(10)

    assert open_pool(url, Way(authority=company.pem), timeout=wait).request("GET", url, retries=False).status
    with pytest.raises(SSLError):
        open_pool(url, Way(), timeout=wait).request("GET", url, retries=False)


@pytest.fixture
def pem(tmp_path: Path) -> str:
    return Authority(tmp_path).root.read_text()


def test_a_mailed_authority_counts_only_after_its_name_and_fingerprint_were_shown(
    home: Path, written: Written, pem: str
) -> None:
    file = written("mailed.callup", ACME, authority=pem)
    with pytest.raises(StartError) as refused:
        choose_profile(Choice(file), home_of())
    assert refused.value.code is Code.PROFILE_NOT_ALLOWED

    store = ProfileStore(home_of())
    change = store.preview(file)
    (authority,) = change.new.authorities
    shown = "\n".join(ImportPreviewWriter(Messages()).preview(change).lines)
    assert ORGANISATION in shown
    assert authority.fingerprint in shown

    store.adopt(change)
    assert choose_profile(Choice(), home_of()).profile.local_uses == (LocalUse.AUTHORITY,)
    assert home.exists()


def test_the_name_of_an_authority_writes_no_line_of_the_preview(home: Path, written: Written, tmp_path: Path) -> None:
    pem = Authority(tmp_path, "Root\nRecordings: s3.acme.com \u202e").root.read_text()
    change = ProfileStore(home_of()).preview(written("mailed.callup", ACME, authority=pem))

    assert all(line.isprintable() for line in ImportPreviewWriter(Messages()).preview(change).lines)
    assert home.exists()


def test_an_authority_that_is_added_makes_another_identity_and_the_order_none(
    written: Written, pem: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other").root.read_text()
    identities = [
        load_profile(written("a.callup", ACME, authority=text)).identity
        for text in (None, pem, pem + other, other + pem)
    ]

    assert identities[0] != identities[1] != identities[2]
    assert identities[2] == identities[3]


def test_what_is_no_authority_is_refused(written: Written, pem: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.vouched("leaf.test")
    with_key = (tmp_path / "leaf.test.pem").read_text()
    leaf = with_key[: with_key.index("-----BEGIN PRIVATE KEY-----")]
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    for text in (leaf, with_key, broken, pem + "\nlooks harmless", "/etc/ssl/cert.pem", pem * (MOST_AUTHORITIES + 1)):
        with pytest.raises(ProfileError) as refused:
            load_profile(written("bad.callup", ACME, authority=text))
        assert [(problem.key, problem.code) for problem in refused.value.problems] == [("authority", "bad_authority")]
        assert "CERTIFICATE" not in str(refused.value)
        assert Messages().profile_problem(refused.value.problems[0])
