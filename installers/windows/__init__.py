"""What the Windows packages say of the program, made on any system."""
