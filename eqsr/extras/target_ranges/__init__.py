"""Target ranges: the scales that matter for a job, the stens it seeks, and the reasons."""
