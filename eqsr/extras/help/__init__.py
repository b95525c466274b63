"""The guide in three parts, and short answers."""
