"""A logged-in admin enters a new credential."""
