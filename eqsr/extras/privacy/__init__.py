"""Erasing results for good: because somebody asks for it, or because their time is over."""
