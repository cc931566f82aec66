"""Storage, registry and queue as one gateway gives them to a computer that has a token and no keys."""
