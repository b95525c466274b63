"""Real services for tests: each starts a server of its own on this machine and stops it."""
