"""One owner a home: its lock, and the requests that other processes hand to it."""
