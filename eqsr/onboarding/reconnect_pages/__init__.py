"""Pages where a logged-in admin enters a new credential."""
