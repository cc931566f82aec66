"""Stand-ins for the world outside that behave like it, in memory, with faults on order. Any thread."""
