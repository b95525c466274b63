"""What must, may and must not have happened, by the rules of design.md §4 and docs/loss-free.md."""
