"""Comparison groups: which one a job's scores are compared with, and an organisation's own."""
