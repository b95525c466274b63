"""Whatever JSON comes, a document is read or is of the wrong shape: nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.smartrecruiters.fields import WrongShape, moment
from eqsr.smartrecruiters.parsers import candidates, jobs, lists, profile, webhooks

FIELDS = [
    "id",
    "name",
    "identifier",
    "title",
    "refNumber",
    "status",
    "subStatus",
    "subStatuses",
    "location",
    "department",
    "language",
    "jobAd",
    "updatedOn",
    "changedOn",
    "active",
    "firstName",
    "email",
    "tags",
    "primaryAssignment",
    "profileId",
    "jobId",
    "content",
    "createdOn",
    "label",
    "type",
    "callbackUrl",
    "events",
    "timestamp",
    "requestDetails",
    "headers",
    "IN_REVIEW",
    "job",
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=12,
)
READERS = [
    jobs.company,
    jobs.job,
    jobs.hiring_process,
    candidates.candidate("a"),
    candidates.candidate_summary,
    candidates.application("c", "j"),
    candidates.job_application("a"),
    candidates.status_change,
    profile.note,
    profile.candidate_property,
    webhooks.subscription,
    webhooks.callback,
    profile.new_id,
    lists.content_of(jobs.job),
    lists.content_of(jobs.job, plain=True, lenient=True),
    profile.new_note_id,
]


@pytest.mark.parametrize("read", READERS)
@given(document=json_values)
def test_any_json_is_read_or_of_the_wrong_shape(read, document):
    try:
        value = read(document)
    except WrongShape:
        return
    # Storable: text that UTF-8 and databases can hold.
    repr(value).encode()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-05-13T18:09:48.173Z", datetime(2026, 5, 13, 18, 9, 48, 173_000, UTC)),
        ("2026-05-13T18:09:48.173+0000", datetime(2026, 5, 13, 18, 9, 48, 173_000, UTC)),
        ("2026-05-13T20:09:48+02:00", datetime(2026, 5, 13, 18, 9, 48, 0, UTC)),
        ("2026-05-13T18:09:48", datetime(2026, 5, 13, 18, 9, 48, 0, UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (1760000000, None),
    ],
)
def test_moments_are_aware_and_in_utc(written, expected):
    found = moment({"at": written}, "at")
    assert found == expected
    assert found is None or found.tzinfo is UTC
