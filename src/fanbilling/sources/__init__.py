"""Billing sources: who says what is due. Each knows the domain, and none of them knows another."""
