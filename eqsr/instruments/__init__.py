"""Questionnaires, games, scoring and norms: a pure library that knows no Flask and no database."""
