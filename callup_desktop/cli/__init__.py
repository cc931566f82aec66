"""`callup`, the console twin of the window."""
