"""A job's own page."""
