"""What is taken is what the description says, no more and no less."""

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from eqsr.extras.partner_api import body, scale_fields
from tests.extras.partner_api.description import DESCRIPTION
from tests.extras.partner_api.platform import SCALES


def _pattern(_validator, pattern, instance, _schema):
    """As ECMA-262 means it: in Python, ``$`` also matches before a last line break."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


EVENT = extend(Draft202012Validator, {"pattern": _pattern})(
    DESCRIPTION | {"$ref": "#/components/schemas/Event"}
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=130) | st.sampled_from(
    ["", "a", "a\n", "\n", "\x7f", "\t", "x" * 40, "x" * 41, "x" * 120, "x" * 121, "x" * 300]
)
NUMBER = (
    st.integers(-(10**10), 10**10)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1e9, -1e9, 1e9 + 1, 0, True, False])
)
JUNK = st.recursive(
    st.none() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ORDERED = st.tuples(NUMBER, NUMBER).map(sorted).map(lambda two: {"low": two[0], "high": two[1]})
SCALE = st.fixed_dictionaries(
    {"name": TEXT | JUNK, "value": NUMBER | TEXT | JUNK},
    optional={
        "band": ORDERED | st.fixed_dictionaries({"low": NUMBER}) | st.none(),
        "norm": TEXT | JUNK,
        "explanation": TEXT | JUNK,
        "more": JUNK,
    },
)
PLAIN_SCALE = st.sampled_from(SCALES)
EVENTS = st.fixed_dictionaries(
    {
        "event_id": st.from_regex(r"[A-Za-z0-9._:-]{1,100}", fullmatch=True) | JUNK,
        "state": st.sampled_from([*body.EVENT_STATES, "queued"]) | JUNK,
    },
    optional={
        "scales": st.lists(PLAIN_SCALE | SCALE, max_size=3)
        | JUNK
        | st.sampled_from([[SCALES[0]] * 50, [SCALES[0]] * 51]),
        "more": JUNK,
    },
)


def taken(found) -> bool:
    try:
        body.read(json.dumps(found).encode())
    except scale_fields.InvalidBody:
        return False
    return True


@given(EVENTS | JUNK | st.lists(SCALE, min_size=1, max_size=2).map(
    lambda scales: {"event_id": "a", "state": "completed", "scales": scales}
))  # fmt: skip
def test_the_description_and_the_program_agree(found):
    assert taken(found) == EVENT.is_valid(found), found


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e400])
def test_numbers_that_no_computer_reckons_with_are_refused(value):
    scale = {"name": "a", "value": value}
    raw = json.dumps({"event_id": "a", "state": "completed", "scales": [scale]})
    with pytest.raises((body.NotJson, scale_fields.InvalidBody)):
        body.read(raw.replace("Infinity", "1e400").encode())


def test_what_the_description_can_not_say_is_refused_too():
    scale = {"name": "a", "value": 1, "band": {"low": 2, "high": 1}}
    assert not taken({"event_id": "a", "state": "completed", "scales": [scale]})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b"1" * 10_000,
        b'{"event_id": NaN}',
        b'{"event_id": "\\ud800", "state": "started"}',
        b'{"\\udfff": 1}',
    ],
)
def test_what_is_no_json_is_no_event(raw):
    with pytest.raises((body.NotJson, scale_fields.InvalidBody)):
        body.read(raw)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(raw):
    with suppress(body.NotJson, scale_fields.InvalidBody):
        body.read(raw)
