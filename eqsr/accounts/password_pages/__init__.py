"""Pages for changing a password, and for setting a forgotten one."""
