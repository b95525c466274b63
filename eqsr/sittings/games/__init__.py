"""The candidate plays a game."""
