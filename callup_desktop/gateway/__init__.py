"""`POST /api/v1/calls/upload` and what belongs to it: the engine's steps behind HTTP, on replicas that can die."""
