"""Memory span (digit span, block span)."""

from collections.abc import Mapping


def mean_span(trials: Mapping[int, tuple[int, int]]) -> float:
    """Mean span: (shortest length - 0.5) + the sum over lengths of the share right.

    ``trials``: length -> (right, given). It retests better and varies less than the longest length
    repeated (Woods et al. 2011), and assumes that all shorter lengths would be right. Raises
    ValueError if lengths are missing in between, or counts are impossible.
    """
    lengths = sorted(trials)
    if not lengths or lengths != list(range(lengths[0], lengths[-1] + 1)):
        raise ValueError("span needs trials at consecutive lengths")
    if any(not 0 <= right <= given or given == 0 for right, given in trials.values()):
        raise ValueError("more right than given, or no trial at a length")
    return lengths[0] - 0.5 + sum(right / given for right, given in trials.values())
