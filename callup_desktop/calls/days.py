"""Days as people and programs write them. Pure functions, any thread."""

from datetime import date


def day_in(text: str) -> date:
    """The day that is written as YYYY-MM-DD; raises ValueError for every other way, of which ISO 8601 has many."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("not as YYYY-MM-DD")
    return day
