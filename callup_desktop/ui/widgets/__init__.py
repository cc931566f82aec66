"""The widgets the window is made of; each shows a value and sends a signal."""
