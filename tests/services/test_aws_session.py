"""The short list of partitions leads to the servers to which botocore's long list of endpoints leads."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session

from callup_desktop.services.aws import base_config
from callup_desktop.services.aws_session import isolated_session

REGIONS = ("us-east-1", "eu-central-1", "me-south-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "eu-newest-7")
_IPV6 = ("us-east-1", "eu-central-1", "me-south-1", "cn-north-1", "us-gov-west-1", "eu-newest-7")
_FIPS = ("us-east-1", "eu-central-1", "us-gov-west-1")


@pytest.fixture(scope="module")
def short() -> Session:
    return isolated_session("key", "secret", region="us-east-1")


@pytest.fixture(scope="module")
def long() -> Session:
    session = isolated_session("key", "secret", region="us-east-1")
    session.register_component("data_loader", Loader())
    return session


def addresses(session: Session, service: str, region: str, *, dual: bool, fips: bool) -> tuple[str, ...]:
    """Where a client sends to: as its requests go, and as it tells."""
    options = Config(use_dualstack_endpoint=dual, use_fips_endpoint=fips, signature_version="v4")
    make: Any = session.create_client  # whose stubs want one literal name of a service
    client = make(service, region_name=region, config=base_config(1, None).merge(options))
    place = {"Bucket": "calls", "Key": "call.wav"} if service == "s3" else {"QueueUrl": "https://queue.example/1/calls"}
    url = client.generate_presigned_url("head_object" if service == "s3" else "get_queue_attributes", place)
    # Of the queue's server, and of S3's in its first region, botocore tells an older name.
    told = client.meta.endpoint_url if service == "s3" and region != REGIONS[0] else ""
    return url.partition("?")[0], client.meta.region_name, told


@pytest.mark.parametrize(
    ("service", "regions", "dual", "fips"),
    [
        (service, *kind)
        for service in ("s3", "sqs")
        for kind in ((REGIONS, False, False), (_IPV6, True, False), (_FIPS, False, True), (_FIPS, True, True))
    ],
)
def test_clients_of_every_partition_send_to_the_same_servers(
    short: Session, long: Session, service: str, regions: tuple[str, ...], *, dual: bool, fips: bool
) -> None:
    for region in regions:
        wanted = addresses(long, service, region, dual=dual, fips=fips)
        assert addresses(short, service, region, dual=dual, fips=fips) == wanted
