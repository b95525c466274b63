"""Measurements against the performance budgets of the design; ``python -m bench``."""
