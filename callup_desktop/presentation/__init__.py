"""What people read about calls, in every language; no Qt."""
