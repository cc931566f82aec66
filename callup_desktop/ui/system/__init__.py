"""What the window needs from the operating system and its desktop."""
