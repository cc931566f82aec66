"""What is set on this computer: where calls go, where things lie, what the rep and the company chose."""
