"""Which assessment a job gives."""
