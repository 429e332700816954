"""Where what was rendered is kept, as it was sent."""
