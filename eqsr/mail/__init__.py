"""Composing and sending email, and reading what bounces."""
