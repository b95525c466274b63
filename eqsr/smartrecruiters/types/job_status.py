"""Statuses of a job at which it takes no candidates.

Source: SmartRecruiters' published OpenAPI, JobDetails.status. Its posting status (PUBLIC, INTERNAL,
NOT_PUBLISHED, PRIVATE) says where the ad is shown; candidates are moved on without any ad too.
"""

OVER = frozenset({"FILLED", "CANCELLED"})
"""The position is no longer open."""

ON_HOLD = frozenset({"ON_HOLD"})
"""The job rests, and may go on at any time."""
