"""Receive requests before the application sees them.

Imports nothing from ``eqsr``: gunicorn's first process loads this package, and could not reload
the application otherwise.
"""
