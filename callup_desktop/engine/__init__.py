"""The upload engine: facts in a journal, one thread that does the next step; no Qt, no vendor."""
