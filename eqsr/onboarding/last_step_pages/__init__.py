"""The first admin's account, at the end of a link."""
