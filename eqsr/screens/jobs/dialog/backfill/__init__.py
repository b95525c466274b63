"""How far a backfill is, on the job's page, and stopping it."""
