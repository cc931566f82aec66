"""Tools of the developers: screenshots, translations."""
