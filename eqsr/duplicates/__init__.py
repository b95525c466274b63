"""One person on two profiles or two jobs: a person decides before a second assessment goes out."""
