"""One trouble of the account, told a hundred times as a trouble of each recording.

A full bucket, a quota, a store that does not know a header, a keychain that fails, a program for keys that is missing:
each call failed for itself and had to be started again by hand, in the words of a broken recording. And a missing
password of the call list was told as missing keys for storage, which people then typed in again.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from keyring.errors import KeyringError

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import AccountError, Code
from callup_desktop.engine.ports import Target
from callup_desktop.presentation.messages import Messages
from callup_desktop.sandbox.embedded import Running
from callup_desktop.services.s3.store import S3Store
from callup_desktop.services.secret_entry import Entry
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from callup_desktop.services.sqs import SqsAnnouncer
from tests.faults.laptop import SOON_AGAIN, Laptop
from tests.reports.small_store import SmallStore, serving
from tests.services.certificates import Authority
from tests.services.front import Reply
from tests.services.outside import body_of, some_bytes, target_for
from tests.services.store_contract import RECORDING, send_parts
from tests.services.test_announcer import task
from tests.services.test_secrets import GoodKeyring
from tests.services.tls_front import inspecting_proxy

DATA = some_bytes(3000)


@pytest.fixture
def small() -> Iterator[SmallStore]:
    with serving(SmallStore()) as store:
        yield store


@pytest.fixture
def here(profile: Profile, small: SmallStore) -> Profile:
    return profile.model_copy(update={"endpoint": small.endpoint})


@pytest.fixture
def store(here: Profile, secrets: Secrets) -> S3Store:
    return S3Store(here, secrets)


@pytest.fixture
def target(profile: Profile) -> Target:
    return target_for(RECORDING, profile.bucket)


# --- storage that is full ---------------------------------------------------------------------------------------------

FULL = [
    (403, "QuotaExceeded"),
    (400, "XMinioAdminBucketQuotaExceeded"),
    (409, "XMinioAdminBucketQuotaExceeded"),
    (507, "XMinioStorageFull"),
    (507, "InsufficientStorage"),
    (507, "Whatever"),
]


@pytest.mark.parametrize(("status", "code"), FULL)
@pytest.mark.parametrize("way", ["create", "part", "put"])
def test_a_full_store_is_the_accounts_trouble(
    way: str, status: int, code: str, store: S3Store, small: SmallStore, target: Target
) -> None:
    upload_id = store.create(target).upload_id
    small.refusals.append(lambda method, _headers: (status, code) if method in {"PUT", "POST"} else None)

    send: dict[str, Callable[[], object]] = {
        "create": lambda: store.create(target),
        "part": lambda: store.upload_part(target, upload_id, 1, body_of(DATA)),
        "put": lambda: store.put(target, body_of(RECORDING)),
    }
    with pytest.raises(AccountError) as caught:
        send[way]()

    assert caught.value.code is Code.STORAGE_FULL


def test_a_full_store_is_one_banner_and_all_calls_go_on_by_themselves(
    tmp_path: Path, here: Profile, secrets: Secrets, small: SmallStore, short: Path
) -> None:
    small.refusals.append(lambda method, _headers: (403, "QuotaExceeded") if method == "PUT" else None)
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(short.read_bytes() + bytes(2 * number))
    with Laptop(tmp_path, here, secrets, backoff=SOON_AGAIN) as laptop:
        calls = [laptop.send(path) for path in paths]
        laptop.until(lambda: laptop.blocked_by() == Code.STORAGE_FULL)
        small.refusals.clear()
        laptop.until_sent(*calls)

    assert len(small.objects) == 3


# --- a store that does not know the encryption header -----------------------------------------------------------------


def no_encryption_header(_method: str, headers: dict[str, str]) -> tuple[int, str] | None:
    return (501, "NotImplemented") if "x-amz-server-side-encryption" in headers else None


@pytest.mark.parametrize("way", ["in parts", "in one piece"])
def test_a_store_without_the_encryption_header_is_asked_without_it_from_then_on(
    way: str, store: S3Store, small: SmallStore, target: Target
) -> None:
    small.refusals.append(no_encryption_header)

    if way == "in parts":
        upload_id, parts = send_parts(store, target)
        store.complete(target, upload_id, parts)
    else:
        store.put(target, body_of(RECORDING))
    found_out = len(small.asked)
    store.create(target)

    assert not store.capabilities.encryption_header
    assert store.capabilities.conditional_writes
    assert len(small.asked) == found_out + 1
    assert list(small.objects.values()) == [RECORDING]


def test_the_encryption_header_is_sent_where_it_is_known(store: S3Store, small: SmallStore, target: Target) -> None:
    store.put(target, body_of(RECORDING))

    assert store.capabilities.encryption_header
    assert {headers.get("x-amz-server-side-encryption") for method, headers in small.asked if method == "PUT"} == {
        "AES256"
    }


# --- keychains --------------------------------------------------------------------------------------------------------


class BrokenKeyring(GoodKeyring):
    """Fails as its system does, which keyring lets through."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return super().get_password(service, username)


KEYRING_ERRORS = [
    OSError(1312, "A specified logon session does not exist. It may already have been terminated."),
    RuntimeError("the backend went away"),
    KeyringError("unknown: -25300"),
]


@pytest.mark.parametrize("error", KEYRING_ERRORS, ids=lambda error: type(error).__name__)
def test_a_keychain_that_fails_is_no_bug_and_is_not_taken_for_an_empty_one(error: Exception, profile: Profile) -> None:
    named = profile.model_copy(update={"credentials": "keyring"})
    secrets = open_secrets(named, Path("rep.callup"), vault=Vault("Acme", BrokenKeyring(error)), environ={})

    with pytest.raises(AccountError) as keys:
        secrets.session()
    with pytest.raises(AccountError) as password:
        secrets.mongo_password()

    assert {keys.value.code, password.value.code} == {Code.KEYRING_FAILED}


def test_a_call_waits_for_a_keychain_that_fails_and_goes_on_by_itself(
    tmp_path: Path, here: Profile, small: SmallStore, sandbox: Running, short: Path
) -> None:
    keyring = BrokenKeyring(KEYRING_ERRORS[0])
    vault = Vault("Acme", keyring)
    vault.write(Entry.ACCESS_KEY_ID, sandbox.access_key_id)
    vault.write(Entry.SECRET_ACCESS_KEY, sandbox.secret_access_key)
    named = here.model_copy(update={"credentials": "keyring"})
    secrets = open_secrets(named, Path("rep.callup"), vault=vault, environ={})
    with Laptop(tmp_path, named, secrets, backoff=SOON_AGAIN) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.blocked_by() == Code.KEYRING_FAILED)
        keyring.error = None
        laptop.until_sent(call)

    assert len(small.objects) == 1


def test_a_missing_password_of_the_call_list_is_not_told_as_missing_keys(
    tmp_path: Path, guarded: Profile, secrets: Secrets, short: Path
) -> None:
    with Laptop(tmp_path, guarded, secrets, backoff=SOON_AGAIN) as laptop:
        call = laptop.send(short)
        laptop.until(lambda: laptop.blocked_by() == Code.NO_REGISTRY_PASSWORD)
        trouble = laptop.jobs[call].trouble

    assert trouble is not None
    assert Messages().sentence(trouble).startswith("There is no password for the call list on this computer yet.")


# --- the AWS settings of this user ------------------------------------------------------------------------------------


@pytest.fixture
def aws_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The AWS configuration of this user, and no other; nothing in the environment."""
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path / "config"


def of_chain(profile: Profile) -> tuple[Profile, Secrets]:
    named = profile.model_copy(update={"credentials": "aws"})
    return named, open_secrets(named, Path("rep.callup"), vault=Vault("Acme", GoodKeyring()), environ={})


def program(file: Path, says: str, *, status: int = 0) -> str:
    """A program that brings keys, or something else."""
    file.write_text(f"import sys\nprint({says!r})\nsys.exit({status})\n", encoding="utf-8")
    return f'"{sys.executable}" "{file}"'


SOURCES = {
    "missing program": ("credential_process = /nowhere/at-all", Code.KEY_SOURCE_FAILED),
    "not a program": ("credential_process = .", Code.KEY_SOURCE_FAILED),
    "unbalanced quotes": ("credential_process = \"a 'b", Code.KEY_SOURCE_FAILED),
    "junk": ("credential_process = {junk}", Code.KEY_SOURCE_FAILED),
    "a list": ("credential_process = {list}", Code.KEY_SOURCE_FAILED),
    "nothing": ("credential_process = {nothing}", Code.KEY_SOURCE_FAILED),
    "a refusal": ("credential_process = {refusal}", Code.SIGN_IN),
    "a role without a source": ("role_arn = arn:aws:iam::1:role/r", Code.KEY_SOURCE_FAILED),
    "a code": ("role_arn = arn:aws:iam::1:role/r\nsource_profile = keys\nmfa_serial = m", Code.KEY_SOURCE_FAILED),
    "half a key": ("aws_access_key_id = AKIA", Code.KEY_SOURCE_FAILED),
}


@pytest.mark.parametrize("source", SOURCES)
def test_whatever_is_wrong_with_the_source_of_keys_is_one_trouble_of_the_account(
    source: str, aws_config: Path, tmp_path: Path, profile: Profile
) -> None:
    settings, code = SOURCES[source]
    programs = {
        "junk": program(tmp_path / "junk.py", "Welcome!"),
        "list": program(tmp_path / "list.py", "[1]"),
        "nothing": program(tmp_path / "nothing.py", ""),
        "refusal": program(tmp_path / "refusal.py", "", status=1),
    }
    keys = "[profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
    aws_config.write_text(f"[default]\n{settings.format(**programs)}\n{keys}", encoding="utf-8")
    named, secrets = of_chain(profile)

    with pytest.raises(AccountError) as caught:
        S3Store(named, secrets).head(target_for(DATA, profile.bucket))

    assert caught.value.code is code


def test_an_aws_configuration_that_cannot_be_read_is_told(aws_config: Path, profile: Profile) -> None:
    aws_config.write_text("[default\nregion = ", encoding="utf-8")
    named, secrets = of_chain(profile)

    with pytest.raises(AccountError) as caught:
        S3Store(named, secrets).head(target_for(DATA, profile.bucket))

    assert caught.value.code is Code.KEY_SOURCE_FAILED


def test_keys_that_cannot_be_renewed_in_the_middle_of_an_upload_are_told_and_the_upload_goes_on(
    aws_config: Path, tmp_path: Path, profile: Profile, sandbox: Running
) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()  # so close that each request renews them
    told = {"Version": 1, "AccessKeyId": sandbox.access_key_id, "SecretAccessKey": sandbox.secret_access_key}
    good = json.dumps(told | {"SessionToken": "", "Expiration": soon})
    file = tmp_path / "keys.py"
    aws_config.write_text(f"[default]\ncredential_process = {program(file, good)}\n", encoding="utf-8")
    named, secrets = of_chain(profile)
    store = S3Store(named, secrets)
    target = target_for(DATA, profile.bucket)
    upload_id = store.create(target).upload_id
    program(file, "Welcome!")

    with pytest.raises(AccountError) as caught:
        store.upload_part(target, upload_id, 1, body_of(DATA))
    program(file, good)
    part = store.upload_part(target, upload_id, 1, body_of(DATA))

    assert caught.value.code is Code.KEY_SOURCE_FAILED
    assert part.size == len(DATA)
    store.abort(target, upload_id)


ADDRESSES = """[default]
aws_access_key_id = {key_id}
aws_secret_access_key = {secret}
endpoint_url = http://127.0.0.1:1
defaults_mode = auto
use_fips_endpoint = true
use_dualstack_endpoint = true
s3 =
    use_accelerate_endpoint = true
    signature_version = s3
    addressing_style = virtual
    payload_signing_enabled = true
"""


def test_what_this_users_aws_settings_say_of_addresses_is_for_other_programs(
    aws_config: Path, monkeypatch: pytest.MonkeyPatch, profile: Profile, sandbox: Running
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    settings = ADDRESSES.format(key_id=sandbox.access_key_id, secret=sandbox.secret_access_key)
    aws_config.write_text(settings, encoding="utf-8")
    named, secrets = of_chain(profile)
    target = target_for(DATA, profile.bucket)

    store, announcer = S3Store(named, secrets), SqsAnnouncer(named, secrets)

    assert store.matches(target, store.put(target, body_of(DATA)))
    assert announcer.announce(task("a-call"))


def test_uploads_to_aws_are_not_accelerated_because_another_program_wants_that(
    aws_config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: Profile
) -> None:
    accelerated = (
        "[default]\naws_access_key_id = A\naws_secret_access_key = s\ns3 =\n    use_accelerate_endpoint = true\n"
    )
    aws_config.write_text(accelerated, encoding="utf-8")
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    named, secrets = of_chain(profile.model_copy(update={"endpoint": None, "region": "eu-west-1", "bucket": "calls"}))
    with inspecting_proxy(authority, lambda *_asked: Reply(404, {"x-amz-request-id": "R1"})) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert S3Store(named, secrets).head(target_for(DATA, "calls")) is None

    assert {host for host, _line, _body in proxy.asked} == {"calls.s3.eu-west-1.amazonaws.com"}
