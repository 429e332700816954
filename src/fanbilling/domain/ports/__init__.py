"""What an integrator implements: sources, storage, delivery and collection."""
