"""CallUp Desktop: call recordings from a sales rep's laptop to S3, MongoDB and SQS, once and whole."""

__version__ = "0.2.0"
