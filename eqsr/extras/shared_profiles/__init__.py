"""A profile shared with a person who has no account, by a link."""
