"""The durable record of every job, in one SQLite file."""
