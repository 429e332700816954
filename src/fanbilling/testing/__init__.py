"""What ships for those who test with billing: strategies, contracts, state machines. Import each by its own name."""
