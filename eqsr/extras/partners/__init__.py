"""Other assessment platforms: their keys, and which jobs they assess."""
