"""The Connect dialog."""
