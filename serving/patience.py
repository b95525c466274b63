"""Time limits for receiving a request."""

# Seconds from the start of a connection or request to the end of its headers.
HEAD_SECONDS = 10.0
# Seconds that any body may take, plus one second for each BYTES_PER_SECOND.
BODY_SECONDS = 15.0
BYTES_PER_SECOND = 16 * 1024


def body_seconds(length: int) -> float:
    """Seconds that a body of ``length`` bytes may take: 15 for a form, 79 for a megabyte."""
    return BODY_SECONDS + length / BYTES_PER_SECOND
