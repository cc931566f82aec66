"""What people read about calls, in every language. No Qt."""
