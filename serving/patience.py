"""How long a sender may take."""

# Seconds from the first moment of a connection or request to the end of its headers.
HEAD_SECONDS = 10.0
# Seconds that any body gets; a larger one gets more, at this many bytes a second.
BODY_SECONDS = 15.0
BYTES_PER_SECOND = 16 * 1024


def body_seconds(length: int) -> float:
    """Seconds for a body of ``length`` bytes: a form 15, a megabyte 79."""
    return BODY_SECONDS + length / BYTES_PER_SECOND
