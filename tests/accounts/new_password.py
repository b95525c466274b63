"""A new password, as the form sends it."""

FRESH = "ada reads nine books"
SAME = {"new": FRESH, "repeated": FRESH}
