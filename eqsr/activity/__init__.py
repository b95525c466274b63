"""The activity log (events and decisions) and the audit entries (who did what)."""
