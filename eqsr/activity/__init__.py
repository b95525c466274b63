"""What happened and was decided (activity log), and who did what (audit)."""
