"""Comparison groups, an organisation's own among them."""
