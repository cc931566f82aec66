"""The only rooms that know the vendors: S3, MongoDB, SQS, keyring, the network."""
