"""Compose and send email, and read bounces."""
