"""Real services for tests: each module starts a server on this machine and stops it."""
