"""The embedded S3, SQS and MongoDB that `--sandbox` starts; never in the shipped bundle."""
