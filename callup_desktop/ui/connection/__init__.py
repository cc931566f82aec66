"""The connection page: profile, secrets, check."""
