"""What an integrator implements: sources, storage and delivery."""
