"""The list of calls: model, view, delegate."""
