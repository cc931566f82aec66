"""A proxy gets the login that somebody typed for it, and no other proxy gets it, whoever names one."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from callup_desktop.cli.main import main
from callup_desktop.config.paths import home as home_of
from callup_desktop.config.profile import Profile, load_profile
from callup_desktop.config.profile_problems import ProfileError
from callup_desktop.engine.errors import AccountError, CallError, Code
from callup_desktop.engine.ports import CheckStep
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.connection import ConnectionService
from callup_desktop.services.diagnostics import run_checks
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Secrets, Vault, known_secrets, open_secrets
from callup_desktop.services.transport import can_connect
from callup_desktop.ui.system.proxy import system_proxy_for
from tests.security.conftest import ACME, Written
from tests.services.certificates import Authority
from tests.services.login_proxy import LoginProxy, login_proxy
from tests.services.outside import some_bytes, target_for
from tests.services.test_secrets import GoodKeyring
from tests.services.tls_front import LOOPBACK, accepting, tls_front

HOST = "s3.acme.test"
LOGIN = "rep@acme:pä ss/w:rd"


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def proxy(tmp_path: Path, sandbox: Running) -> Iterator[LoginProxy]:
    """The only way to the company's storage, which no resolver knows."""
    context = Authority(tmp_path).vouched(HOST)
    port = int(sandbox.s3_endpoint.rpartition(":")[2])
    with tls_front((LOOPBACK, port), context) as tls, login_proxy(LOGIN, (LOOPBACK, tls)) as running:
        yield running


@pytest.fixture
def acme(profile: Profile, proxy: LoginProxy, tmp_path: Path) -> Profile:
    pem = (tmp_path / "root.pem").read_text()
    return profile.model_copy(
        update={"endpoint": f"https://{HOST}", "authority": pem, "proxy": proxy.url, "credentials": "keyring"}
    )


@pytest.fixture
def vault(acme: Profile, sandbox: Running) -> Vault:
    vault = Vault(acme.identity, GoodKeyring())
    vault.write(Entry.ACCESS_KEY_ID, sandbox.access_key_id)
    vault.write(Entry.SECRET_ACCESS_KEY, sandbox.secret_access_key)
    return vault


def secrets_of(profile: Profile, vault: Vault, **how: object) -> Secrets:
    return open_secrets(profile, Path("acme.callup"), vault=vault, environ={}, **how)  # type: ignore[arg-type]


def work_of(profile: Profile, vault: Vault) -> ConnectionService:
    return ConnectionService(home_of(), profile, vault, secrets_of(profile, vault))


def test_a_proxy_that_asks_is_told_once_and_the_upload_goes_on(acme: Profile, vault: Vault, proxy: LoginProxy) -> None:
    data = some_bytes(1000)
    target = target_for(data, acme.bucket)
    store = S3Store(acme, secrets_of(acme, vault))
    with pytest.raises(AccountError) as asked:
        store.head(target)
    assert asked.value.code is Code.PROXY_LOGIN

    assert work_of(acme, vault).proxy() == proxy.url
    assert work_of(acme, vault).save({"proxy_login": LOGIN})

    assert store.head(target) is None
    store.reset()
    assert set(proxy.asked) == {f"{HOST}:443"}


def test_the_login_of_one_proxy_goes_to_no_other(
    acme: Profile, vault: Vault, proxy: LoginProxy, tmp_path: Path
) -> None:
    work_of(acme, vault).save({"proxy_login": LOGIN})
    with login_proxy("somebody:else", (LOOPBACK, 9)) as evil:
        mailed = acme.model_copy(update={"proxy": evil.url})
        assert mailed.identity == acme.identity
        with pytest.raises(AccountError) as refused:
            S3Store(mailed, secrets_of(mailed, vault)).head(target_for(b"x", acme.bucket))
    assert refused.value.code is Code.PROXY_LOGIN
    assert evil.shown
    assert not any(evil.shown)

    # The same place without TLS is another proxy, too.
    way = secrets_of(acme, vault).way
    assert way.login_for(proxy.url) == LOGIN
    assert way.login_for(proxy.url.replace("http:", "https:")) == ""
    assert tmp_path.exists()


def test_a_login_for_a_proxy_with_tls_is_never_said_in_the_clear(acme: Profile, vault: Vault) -> None:
    heard: list[bytes] = []

    def cut(client: socket.socket) -> None:
        """What somebody between this computer and the proxy does: it hears the first bytes and hangs up."""
        heard.append(client.recv(4096))

    with accepting(cut) as port:
        behind = acme.model_copy(update={"proxy": f"https://{LOOPBACK}:{port}"})
        work_of(behind, vault).save({"proxy_login": LOGIN})
        with pytest.raises(CallError) as refused:
            S3Store(behind, secrets_of(behind, vault)).head(target_for(b"x", acme.bucket))

    assert refused.value.code is Code.CONNECTION
    assert heard
    assert not [said for said in heard if b"CONNECT" in said or b"Authorization" in said]


def test_a_proxy_with_tls_that_asks_is_told_as_one_that_asks(
    acme: Profile, vault: Vault, proxy: LoginProxy, tmp_path: Path
) -> None:
    folder = tmp_path / "of the proxy"
    folder.mkdir()
    authority = Authority(folder, "Root of the proxy")
    with tls_front((LOOPBACK, proxy.port), authority.vouched(LOOPBACK)) as port:
        pem = acme.authority + authority.root.read_text()
        behind = acme.model_copy(update={"proxy": f"https://{LOOPBACK}:{port}", "authority": pem})
        with pytest.raises(AccountError) as asked:
            S3Store(behind, secrets_of(behind, vault)).head(target_for(b"x", acme.bucket))

    assert asked.value.code is Code.PROXY_LOGIN


def test_the_login_is_among_the_secrets_that_no_writer_lets_out(acme: Profile, vault: Vault) -> None:
    work_of(acme, vault).save({"proxy_login": LOGIN})

    known = known_secrets(vault, secrets_of(acme, vault), {})()
    assert {"pä ss/w:rd", "p%C3%A4%20ss%2Fw%3Ard"} <= set(known)


@pytest.mark.parametrize("unreadable", ["http://rep:pass[word@127.0.0.1:9", "http://rep:password@127.0.0.1:odd"])
def test_a_proxy_that_nobody_can_read_is_told_as_one(acme: Profile, vault: Vault, unreadable: str) -> None:
    here = acme.model_copy(update={"proxy": ""})
    secrets = secrets_of(here, vault, system_proxy=lambda _url: unreadable)
    results = {result.step: result for result in run_checks(here, secrets, timeout=1.0)}

    for step in (CheckStep.CLOCK, CheckStep.TLS, CheckStep.STORAGE):
        assert results[step].code == Code.PROXY_UNUSABLE
        assert "pass" not in str(results[step])
    assert not can_connect(here.storage_endpoint, secrets.way)
    assert ConnectionService(home_of(), here, vault, secrets).proxy() == ""


@pytest.mark.parametrize("typed", ["only-a-name", ":password", "rep:pass\nword: x", ""])
def test_a_login_of_another_form_is_refused(acme: Profile, vault: Vault, typed: str) -> None:
    with pytest.raises(ValueError, match=r"^proxy_login|characters"):
        work_of(acme, vault).save({"proxy_login": typed})
    assert vault.read(Entry.PROXY_LOGIN) is None


def test_a_login_without_a_proxy_belongs_to_nobody(acme: Profile, vault: Vault) -> None:
    with pytest.raises(ValueError, match="characters"):
        work_of(acme.model_copy(update={"proxy": ""}), vault).save({"proxy_login": LOGIN})


def test_the_console_shows_the_end_of_the_access_key_and_nothing_else(
    backend: GoodKeyring, home: Path, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written("acme.callup", ACME)
    vault = Vault(load_profile(file).identity, backend)
    vault.write(Entry.ACCESS_KEY_ID, "AKIAACMEQZXW")
    vault.write(Entry.SECRET_ACCESS_KEY, "s3cr3t")

    assert main(["secrets", "show", "--profile", str(file)]) == 0
    said = capsys.readouterr().out
    assert "access_key_id      kept, ends in QZXW" in said
    assert "proxy_login        not set" in said
    assert f"service            {vault.service}" in said
    assert main(["secrets", "show", "--json", "--profile", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("service") == vault.service
    assert told == {name: name in {"access_key_id", "secret_access_key"} for name in told}
    assert "s3cr3t" not in said
    assert home.exists()


# --- what the system says -------------------------------------------------------------------------------------------


class Script:
    """What a PAC file says: a proxy for one host, another for the next, none for the rest."""

    def answer(self, query: QNetworkProxyQuery) -> list[QNetworkProxy]:
        kinds = {
            "s3.acme.test": [QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.acme.test", 8080)],
            "sqs.acme.test": [
                QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "socks.acme.test", 1080),
                QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "fd00::1", 3128),
            ],
            "socks.acme.test": [QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "socks.acme.test", 1080)],
        }
        return kinds.get(query.url().host(), [QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)])


def test_each_server_has_the_proxy_that_the_systems_script_says(
    acme: Profile, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script()
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", script.answer)
    way = secrets_of(acme.model_copy(update={"proxy": ""}), vault, system_proxy=system_proxy_for).way

    assert way.proxy_for("https://s3.acme.test/x") == "http://proxy.acme.test:8080"
    assert way.proxy_for("https://sqs.acme.test/") == "http://[fd00::1]:3128"
    assert way.proxy_for("https://elsewhere.test/") == ""
    assert way.proxy_for("http://127.0.0.1:9000/") == ""
    monkeypatch.setenv("HTTPS_PROXY", "http://environment.test:1")
    assert way.proxy_for("https://elsewhere.test/") == "http://environment.test:1"


def test_a_proxy_of_another_kind_is_told_with_who_can_mend_it(
    acme: Profile, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QNetworkProxyFactory, "systemProxyForQuery", Script().answer)
    socks = acme.model_copy(update={"proxy": "", "endpoint": "https://socks.acme.test"})
    with pytest.raises(AccountError) as refused:
        S3Store(socks, secrets_of(socks, vault, system_proxy=system_proxy_for)).head(target_for(b"x", acme.bucket))

    assert refused.value.code is Code.PROXY_UNUSABLE
    sentence = Messages().of_code(refused.value.code, refused.value.params)
    assert "socks5" in sentence
    assert "IT" in sentence


def test_the_system_is_asked_off_the_main_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.acme.test:3128")
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(system_proxy_for("https://s3.acme.test/")))
    thread.start()
    thread.join(20)

    assert answers == ["http://proxy.acme.test:3128"]


@pytest.mark.parametrize(
    "url",
    [
        "socks5://proxy.acme.com:1080",
        "proxy.acme.com:8080",
        "http://rep:secret@proxy.acme.com",
        "http://a.test\\@b.test",
        "http://proxy.acme.com:8080/path",
        "http://proxy.acme.com:8080?x",
        "file:///etc/passwd",
        "http://1.2.3.4.5:80",
    ],
)
def test_what_is_no_proxy_is_refused(written: Written, url: str) -> None:
    with pytest.raises(ProfileError) as refused:
        load_profile(written("bad.callup", ACME, proxy=url))
    assert [problem.key for problem in refused.value.problems] == ["proxy"]
    assert "secret" not in Messages().profile_problem(refused.value.problems[0])


def test_a_proxy_in_the_clear_is_taken(written: Written) -> None:
    assert load_profile(written("good.callup", ACME, proxy="http://proxy.acme.com:8080")).proxy
