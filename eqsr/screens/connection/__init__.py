"""The connection page: is the connection well, and what to do if not."""
