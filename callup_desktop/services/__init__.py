"""The engine's ports over S3, MongoDB, SQS and the keyring: with the sandbox, the only code that knows vendors."""
