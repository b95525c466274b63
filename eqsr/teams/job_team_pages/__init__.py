"""Forms on a job's page that change who is on its team."""
