"""Signing in by OpenID Connect: authorisation code with PKCE in the system's browser (RFC 8252)."""
