"""Which scales matter for a job, which range is sought, and why; shown in words only."""
