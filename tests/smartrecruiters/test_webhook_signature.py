"""SmartRecruiters' signature over a delivery: the known answers, and nothing else."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.smartrecruiters.events import SUBSCRIBED_EVENTS, parse_event
from eqsr.smartrecruiters.signature import TOLERANCE, SignatureProblem, verify
from eqsr.webhooks.retention import EVENT_RETENTION
from tests.smartrecruiters.known_signatures import BODY, HEADERS, SECRET_1, SECRET_2, TIME, V1_BY_1

MONTH = 30 * 86400
TEN = timedelta(seconds=10)
FOR_EVER = timedelta(days=10**8)

IN_ORDER = ("event-id", "event-name", "event-version", "link")

OFFICIAL_SECRET = "HeBVky2bccvvkcXPimH8c"
OFFICIAL_TIME = 1574080897
OFFICIAL_BODY = b'{"job_id":"jid","candidate_id":"cid"}'
OFFICIAL = {
    "smartrecruiters-timestamp": str(OFFICIAL_TIME),
    "event-id": "123",
    "event-name": "application.created",
    "event-version": "v201910",
    "link": "<http://smartrecruiters.com/endpoint>; rel=self",
    "smartrecruiters-signature": (
        "v1=2e9291f10d44ca10204a4cd81b05d73b6a316b2b605d4e2e0e0b37b40198ce1f"
    ),
}
"""SmartRecruiters docs, webhooks: the example of the signature's description."""
V1_BY_2 = "v1=e162a7ac8ebd56e6b6accc640419130002a037eae41c680f16765655dcc6a524"
V1_BY_1_WITHOUT_LINK = "v1=9999844d3e0ce3c7eed5f319befcaa963abc3a76f273109420d6fa5b4e33003c"


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def signed(signature, **changes):
    return {**HEADERS, "smartrecruiters-signature": signature, **changes}


def reason(secrets, headers, body=BODY, now=TIME, **kwargs):
    with pytest.raises(SignatureProblem) as caught:
        verify(secrets, headers, body, at(now), **kwargs)
    return caught.value.reason


def test_the_official_known_answer():
    assert verify([OFFICIAL_SECRET], OFFICIAL, OFFICIAL_BODY, at(OFFICIAL_TIME)) is True


@pytest.mark.parametrize(
    ("secrets", "signature"),
    [
        ([SECRET_1], V1_BY_1),
        ([SECRET_2], V1_BY_2),
        ([SECRET_2, SECRET_1], V1_BY_1),
        ([SECRET_1, SECRET_2], f"{V1_BY_1};{V1_BY_2}"),
        ([SECRET_2], f"{V1_BY_1};{V1_BY_2}"),
        ([SECRET_2], f"{V1_BY_1}; {V1_BY_2} ;"),
        ([SECRET_1], f"v2=0000;{V1_BY_1};unknown"),
        (["", SECRET_1], V1_BY_1),
    ],
)
def test_our_known_answer_with_several_keys_and_schemes(secrets, signature):
    assert verify(secrets, signed(signature), BODY, at(TIME))


def test_a_missing_link_counts_as_empty():
    headers = signed(V1_BY_1_WITHOUT_LINK)
    del headers["link"]
    assert verify([SECRET_1], headers, BODY, at(TIME))
    assert verify([SECRET_1], {**headers, "link": ""}, BODY, at(TIME))


def test_header_names_are_case_insensitive():
    headers = {name.title(): value for name, value in OFFICIAL.items()}
    assert verify([OFFICIAL_SECRET], headers, OFFICIAL_BODY, at(OFFICIAL_TIME))


@pytest.mark.parametrize("part", list(OFFICIAL))
@pytest.mark.parametrize("other", [0x00, 0x20, 0x30, 0x3B, 0x7F, 0xFF, None])
def test_every_change_of_one_byte_of_a_header_is_rejected(part, other):
    original = OFFICIAL[part]
    for position in range(len(original)):
        changed = chr(ord(original[position]) ^ 1 if other is None else other)
        if changed == original[position]:
            continue
        headers = {**OFFICIAL, part: original[:position] + changed + original[position + 1 :]}
        with pytest.raises(SignatureProblem):
            # Of all tolerances: the timestamp itself is signed.
            verify([OFFICIAL_SECRET], headers, OFFICIAL_BODY, at(OFFICIAL_TIME), FOR_EVER)


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80])
def test_every_change_of_one_byte_of_the_body_or_secret_is_rejected(flip):
    for position in range(len(OFFICIAL_BODY)):
        body = bytearray(OFFICIAL_BODY)
        body[position] ^= flip
        assert reason([OFFICIAL_SECRET], OFFICIAL, bytes(body), OFFICIAL_TIME) == "mismatch"
    for position in range(len(OFFICIAL_SECRET)):
        secret = list(OFFICIAL_SECRET)
        secret[position] = chr(ord(secret[position]) ^ flip)
        assert reason(["".join(secret)], OFFICIAL, OFFICIAL_BODY, OFFICIAL_TIME) == "mismatch"


@pytest.mark.parametrize("part", list(OFFICIAL))
def test_a_header_cut_grown_or_gone_is_rejected(part):
    original = OFFICIAL[part]
    without = {name: value for name, value in OFFICIAL.items() if name != part}
    for headers in (
        without,
        {**without, part: ""},
        {**without, part: original[:-1]},
        {**without, part: original[1:]},
        {**without, part: original + "0"},
        {**without, part: "0" + original},
    ):
        with pytest.raises(SignatureProblem):
            verify([OFFICIAL_SECRET], headers, OFFICIAL_BODY, at(OFFICIAL_TIME), FOR_EVER)


@pytest.mark.parametrize(
    ("event_id", "name", "version", "link"),
    [
        ("123.application", "created", "v201910", OFFICIAL["link"]),
        (
            "123.application",
            "created.v201910",
            "<http://smartrecruiters",
            "com/endpoint>; rel=self",
        ),
        (
            "123",
            "application.created.v201910",
            "<http://smartrecruiters",
            "com/endpoint>; rel=self",
        ),
    ],
)
def test_a_shift_across_the_dots_never_yields_an_event_of_ours(event_id, name, version, link):
    """SmartRecruiters' scheme can't tell such a shift; only the event's name gives it away."""
    shifted = {"event-id": event_id, "event-name": name, "event-version": version, "link": link}
    headers = {**OFFICIAL, **shifted}
    assert verify([OFFICIAL_SECRET], headers, OFFICIAL_BODY, at(OFFICIAL_TIME))
    assert parse_event(headers, OFFICIAL_BODY).name not in SUBSCRIBED_EVENTS


@pytest.mark.parametrize(
    "signature",
    [
        V1_BY_1.upper(),
        V1_BY_1.replace("v1=", "V1="),
        V1_BY_1.replace("v1=", "v2="),
        V1_BY_1.removeprefix("v1="),
        V1_BY_1.replace("v1=", "v1= "),
        V1_BY_1 + "," + V1_BY_1,
        "v1=",
        ";",
        "v1=;v1=;v1=",
        "é" * 70,
        "v1=" + "\u20ac" * 64,
        "v1=\ud800",
        ";".join([f"v1={'0' * 64}"] * 64 + [V1_BY_1]),
    ],
)
def test_what_only_looks_like_a_signature_is_rejected(signature):
    assert reason([SECRET_1], signed(signature)) == "mismatch"


@pytest.mark.parametrize("secrets", [[], [""], ()])
def test_without_a_secret_nothing_is_accepted(secrets):
    assert reason(secrets, signed(V1_BY_1)) == "no_secret"


@pytest.mark.parametrize("timestamp", ["1760000000.0", "1760000000.25", "1760000000.123456789"])
def test_a_timestamp_may_have_a_fraction(timestamp):
    """ "number" in SmartRecruiters' published OpenAPI. It is signed as it is sent."""
    signed_bytes = [timestamp.encode(), BODY, *(HEADERS[name].encode() for name in IN_ORDER)]
    digest = hmac.new(SECRET_1.encode(), b".".join(signed_bytes), hashlib.sha256).hexdigest()
    headers = signed(f"v1={digest}", **{"smartrecruiters-timestamp": timestamp})
    assert verify([SECRET_1], headers, BODY, at(1760000000))
    with pytest.raises(SignatureProblem, match="stale"):
        verify([SECRET_1], headers, BODY, at(1760000000 + MONTH + 2))


def test_missing_headers_are_named():
    assert reason([SECRET_1], HEADERS) == "missing_signature"
    headers = signed(V1_BY_1)
    del headers["smartrecruiters-timestamp"]
    assert reason([SECRET_1], headers) == "missing_timestamp"
    assert reason([SECRET_1], {}) == "missing_signature"


@pytest.mark.parametrize(
    "timestamp",
    [
        "now",
        "-1760000000",
        "1760000000.",
        ".5",
        "1e9",
        " 1760000000",
        "1" * 13,
        "\u0661",
        "é",
        "nan",
    ],
)
def test_a_timestamp_must_be_plain_seconds(timestamp):
    headers = signed(V1_BY_1, **{"smartrecruiters-timestamp": timestamp})
    assert reason([SECRET_1], headers) == "bad_timestamp"


@pytest.mark.parametrize("drift", [-MONTH, -400, 0, 400, 3 * 86400, MONTH])
def test_a_late_delivery_or_a_wrong_clock_is_within_the_tolerance(drift):
    assert verify([SECRET_1], signed(V1_BY_1), BODY, at(TIME + drift))


@pytest.mark.parametrize("drift", [-MONTH - 1, MONTH + 1, 10 * MONTH])
def test_a_timestamp_of_another_month_is_rejected(drift):
    assert reason([SECRET_1], signed(V1_BY_1), now=TIME + drift) == "stale"


def test_a_delivery_is_too_old_before_the_inbox_forgets_its_id():
    assert TOLERANCE < EVENT_RETENTION


def test_the_tolerance_can_be_set():
    assert reason([SECRET_1], signed(V1_BY_1), now=TIME + 11, tolerance=TEN) == "stale"
    assert verify([SECRET_1], signed(V1_BY_1), BODY, at(TIME + 10), tolerance=TEN)


def test_the_reason_holds_nothing_of_the_delivery():
    with pytest.raises(SignatureProblem, match=r"^mismatch$"):
        verify([SECRET_2], signed(V1_BY_1), BODY, at(TIME))


def test_header_bytes_as_wsgi_hands_them_over():
    link = "<https://example.org/é>; rel=self"
    message = b".".join([str(TIME).encode(), b"{}", b"1", b"job.created", b"v1", link.encode()])
    digest = hmac.new(SECRET_1.encode(), message, hashlib.sha256).hexdigest()
    headers = {
        "smartrecruiters-timestamp": str(TIME),
        "smartrecruiters-signature": f"v1={digest}",
        "event-id": "1",
        "event-name": "job.created",
        "event-version": "v1",
        "link": link.encode().decode("latin-1"),
    }
    assert verify([SECRET_1], headers, b"{}", at(TIME))


@given(
    st.dictionaries(st.sampled_from([*OFFICIAL, "other"]), st.text()),
    st.binary(),
    st.lists(st.text(), max_size=3),
)
def test_garbage_is_always_refused_and_never_crashes(headers, body, secrets):
    with pytest.raises(SignatureProblem):
        verify(secrets, headers, body, at(TIME))
