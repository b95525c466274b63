"""The candidate answers a questionnaire."""
