"""Measurements, never assertions: peers side by side in one run, printed as ratios."""
