"""A candidate's profile, where View details leads: scores, comparison, interview guide."""
