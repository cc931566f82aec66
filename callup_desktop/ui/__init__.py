"""The window: widgets show values and send signals; rules stand in engine and presentation."""
