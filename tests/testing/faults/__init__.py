"""Stores with one fault each, of the kind that real ones have."""
