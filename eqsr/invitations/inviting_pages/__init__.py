"""Pages where a person is invited by hand, or that explain why somebody was not invited."""
