"""What macOS gets. The program itself can only be built on a Mac."""
