"""Pages where a candidate stops reminders."""
