"""What goes beyond the story from link to View details. The story imports nothing from here."""
