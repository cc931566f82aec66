"""The window: widgets show values and send signals; no rule lives here."""
