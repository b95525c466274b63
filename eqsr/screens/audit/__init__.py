"""The audit log: who did what in the organisation, from where; filtered, and as a file."""
