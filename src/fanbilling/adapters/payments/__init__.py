"""Payments: what banks and payment providers tell of the money that came in."""
