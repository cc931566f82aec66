"""Builds what the laptops get: bundle, setup programs and packages. Not part of the program."""
