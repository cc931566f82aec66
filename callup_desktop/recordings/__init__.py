"""What a recording is: judged by content, header parsing only, no decoder."""
