"""Keys that end in the middle of an upload: fetched again from their own source, here a program that AWS's SDK runs."""

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from callup_desktop.config.profile import Profile
from callup_desktop.engine.errors import Code
from callup_desktop.engine.events import Status
from callup_desktop.services.secrets import Secrets, Vault, open_secrets
from tests.faults import harms
from tests.faults.laptop import SOON_AGAIN, Laptop, Network
from tests.faults.outcome import Ground, Servers
from tests.faults.proxy import Exchange
from tests.services.test_secrets import GoodKeyring

_SOURCE = """
import datetime, json, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "asked").open("a") as asked:
    asked.write("once\\n")
if (here / "ended").exists():
    sys.exit("the session has ended")
ends = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
keys = json.loads((here / "keys.json").read_text())
print(json.dumps({{"Version": 1, "Expiration": ends.isoformat(), **keys}}))
"""


@dataclass(frozen=True)
class SignIn:
    """Where the keys come from; it counts who asks, and the session may end."""

    folder: Path

    @property
    def asked(self) -> int:
        return len((self.folder / "asked").read_text(encoding="utf-8").splitlines())

    def end(self) -> None:
        (self.folder / "ended").touch()

    def renew(self) -> None:
        (self.folder / "ended").unlink()


@pytest.fixture
def sign_in(tmp_path: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    keys = (
        f'{{"AccessKeyId": "{ground.running.access_key_id}", "SecretAccessKey": "{ground.running.secret_access_key}"}}'
    )
    (tmp_path / "keys.json").write_text(keys, encoding="utf-8")
    (tmp_path / "source.py").write_text(_SOURCE.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    source = f'"{sys.executable}" "{tmp_path / "source.py"}"'
    (tmp_path / "config").write_text(f"[profile rep]\ncredential_process = {source}\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return SignIn(tmp_path)


def of_the_chain(network: Network, folder: Path) -> tuple[Profile, Secrets]:
    profile = network.profile.model_copy(update={"credentials": "aws", "aws_profile": "rep"})
    return profile, open_secrets(profile, folder / "rep.callup", vault=Vault("rep", GoodKeyring()), environ={})


def sent_of_part(network: Network, number: int) -> list[bool]:
    """Of each time the part was sent, whether the store took it."""
    return [seen.acted for seen in network.s3.plan.exchanges("part") if seen.arrived.part == number]


def test_keys_that_end_mid_upload_are_fetched_anew_and_the_part_is_sent_again_without_a_failure(
    tmp_path: Path, network: Network, sign_in: SignIn, servers: Servers, long: Path
) -> None:
    expired = harms.s3_refusal(400, "ExpiredToken")
    network.s3.plan.order("part", expired, applies=lambda arrived: arrived.part == 3)
    profile, secrets = of_the_chain(network, tmp_path)
    with Laptop(tmp_path, profile, secrets) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: laptop.jobs[call].upload_id is not None)
        asked = sign_in.asked
        laptop.until_sent(call)
        assert laptop.codes(call) == []
        assert {job.attempts for job in laptop.changes(call)} == {0}
    assert sign_in.asked > asked
    assert [sent_of_part(network, number) for number in (1, 2, 3)] == [[True], [True], [False, True]]
    servers.arrived_whole_and_once(laptop.jobs[call], long)


def test_a_session_that_cannot_be_renewed_asks_once_and_goes_on_with_the_missing_part_when_the_rep_signed_in(
    tmp_path: Path, network: Network, sign_in: SignIn, servers: Servers, long: Path
) -> None:
    def ends(exchange: Exchange) -> None:
        sign_in.end()
        harms.s3_refusal(400, "ExpiredToken")(exchange)

    network.s3.plan.order("part", ends, applies=lambda arrived: arrived.part == 3)
    profile, secrets = of_the_chain(network, tmp_path)
    with Laptop(tmp_path, profile, secrets, backoff=SOON_AGAIN) as laptop:
        call = laptop.send(long)
        laptop.until(lambda: laptop.blocked_by() == Code.SIGN_IN)
        asked = sign_in.asked
        laptop.until(lambda: sign_in.asked > asked)
        sign_in.renew()
        laptop.until_sent(call)
        banners = [event.blocked is not None for event in laptop.events if isinstance(event, Status)]
    rises = sum(shown and not before for before, shown in pairwise(banners))
    assert rises == 1, "the rep was asked more than once"
    assert [sent_of_part(network, number) for number in (1, 2, 3)] == [[True], [True], [False, True]]
    servers.arrived_whole_and_once(laptop.jobs[call], long)
