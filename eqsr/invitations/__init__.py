"""From a move to a decision, an invitation and its email."""
