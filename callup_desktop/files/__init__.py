"""How a recording on disk is found, opened, read and recognised."""
