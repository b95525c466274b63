"""Erase results permanently: on request, or when their retention period ends."""
