"""Measurements: run by hand, never in tests. Each prints what it compares side by side."""
