"""What a network does to a call: it goes on by itself, and nothing is sent twice."""

from pathlib import Path

from tests.faults.laptop import Laptop, Network, OneSession
from tests.faults.outcome import Servers


def test_a_good_network(tmp_path: Path, network: Network, keys: OneSession, servers: Servers, short: Path) -> None:
    with Laptop(tmp_path, network.profile, keys) as laptop:
        call = laptop.send(short)
        laptop.until_sent(call)
    servers.arrived_whole_and_once(laptop.jobs[call], short)
