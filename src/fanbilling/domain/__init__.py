"""The rules of billing as values and pure functions: no I/O, no clock, no randomness, no locale."""
