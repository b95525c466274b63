"""Whatever JSON comes, a document is read or is of the wrong shape: nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.smartrecruiters import parsers
from eqsr.smartrecruiters.fields import WrongShape, moment

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
    parsers.company,
    parsers.job,
    parsers.hiring_process,
    parsers.candidate("a"),
    parsers.candidate_summary,
    parsers.application("c", "j"),
    parsers.job_application("a"),
    parsers.status_change,
    parsers.note,
    parsers.candidate_property,
    parsers.subscription,
    parsers.callback,
    parsers.new_id,
    parsers.content_of(parsers.job),
    parsers.content_of(parsers.job, plain=True, lenient=True),
    parsers.new_note_id,
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
