"""Pages of the user's own profile and login sessions."""
