"""Pages that describe each instrument."""
