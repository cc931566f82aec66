"""Sessions of boto3 with given keys, for the services and for the sandbox that they are tried on. Any thread."""

import os

import boto3
import botocore.session


def isolated_session(key_id: str, secret: str, token: str | None = None, *, region: str) -> boto3.Session:
    """A session that reads no AWS configuration of this user, which may be broken or name a profile that is missing."""
    isolated = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
    )
    return boto3.Session(key_id, secret, token, region_name=region, botocore_session=isolated)
