"""Organisations, users, logging in, one's own profile and password."""
