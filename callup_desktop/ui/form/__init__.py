"""The form that describes drafts."""
