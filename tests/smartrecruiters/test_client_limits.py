"""SmartRecruiters' limits, kept by raising Throttled and never by sleeping."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from eqsr.smartrecruiters.errors.outages import Throttled
from eqsr.smartrecruiters.in_process_limits import BUSY_RETRY, InProcessLimits
from eqsr.smartrecruiters.rate_headers import blocked_until, retry_after
from tests.smartrecruiters.doubles import NoLimits

JOBS = "GET /jobs"
JOB = "GET /jobs/{job_id}"
CANDIDATES = "GET /candidates"


@pytest.fixture
def limits(clock):
    return InProcessLimits(clock)


def use(limits, endpoint=JOBS, key="customer"):
    with limits.acquire(key, endpoint):
        pass


def wait(limits, endpoint=JOBS, key="customer"):
    with pytest.raises(Throttled) as caught:
        use(limits, endpoint, key)
    assert caught.value.status is None
    assert caught.value.endpoint == endpoint
    return caught.value.retry_after


def test_ten_a_second_then_wait_until_the_oldest_is_a_second_old(limits, clock):
    for _ in range(10):
        use(limits)
        clock.advance(0.01)
    assert wait(limits) == pytest.approx(0.9, abs=1e-6)
    clock.advance(0.9001)
    use(limits)
    assert wait(limits) == pytest.approx(0.01, abs=1e-3)


def test_endpoints_and_customers_have_their_own_second(limits):
    for _ in range(10):
        use(limits)
    assert wait(limits) > 0
    use(limits, JOB)
    use(limits, JOBS, "another")


def test_eight_at_once_over_all_endpoints(limits):
    with ExitStack() as held:
        for number in range(8):
            held.enter_context(limits.acquire("customer", f"GET /{number % 3}"))
        assert wait(limits) == BUSY_RETRY
        use(limits, JOBS, "another")
    use(limits)


def test_one_list_of_candidates_at_once(limits):
    with limits.acquire("customer", CANDIDATES):
        assert wait(limits, CANDIDATES) == BUSY_RETRY
        use(limits, JOBS)
        use(limits, CANDIDATES, "another")
    use(limits, CANDIDATES)


def test_a_place_is_given_back_when_the_call_fails(limits):
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), limits.acquire("customer", CANDIDATES):
            1 / 0  # noqa: B018
    use(limits, CANDIDATES)


def test_remaining_0_blocks_the_endpoint_until_the_second_turns(limits, clock):
    clock.advance(0.3)
    limits.observe("customer", JOBS, CaseInsensitiveDict({"x-ratelimit-remaining": "0"}))
    assert wait(limits) == pytest.approx(0.7)
    use(limits, JOB)
    use(limits, JOBS, "another")
    clock.advance(0.7)
    use(limits)


def test_remaining_0_that_our_own_turns_explain_blocks_nothing_more(limits, clock):
    clock.advance(0.9)
    use(limits)
    clock.advance(0.2)
    for _ in range(9):
        use(limits)
    limits.observe("customer", JOBS, {"X-RateLimit-Remaining": "0"})
    assert wait(limits) == pytest.approx(0.8), "the first turn is free again before the second is"
    clock.advance(0.8)
    use(limits)
    assert wait(limits) == pytest.approx(0.2)


@pytest.mark.parametrize("value", ["1", "", "-1", "none", "0x0", "\u0660", "1e9"])
def test_any_other_remaining_does_not(limits, value):
    limits.observe("customer", JOBS, {"X-RateLimit-Remaining": value})
    use(limits)


def test_retry_after_is_obeyed_up_to_an_hour(limits, clock):
    limits.observe("customer", JOBS, {"Retry-After": "120", "X-RateLimit-Remaining": "0"})
    assert wait(limits) == pytest.approx(120)
    limits.observe("customer", JOBS, {"X-RateLimit-Remaining": "0"})
    assert wait(limits) == pytest.approx(120)
    clock.advance(120)
    use(limits)
    assert retry_after({"Retry-After": "999999999"}) == 3600


def test_a_clock_set_back_does_not_lock_anybody_out(limits, clock):
    for _ in range(10):
        use(limits)
    clock.advance(-86400)
    use(limits)


@given(st.text(), st.text())
def test_headers_of_any_kind_never_raise(remaining, after):
    until = blocked_until({"X-RateLimit-Remaining": remaining, "Retry-After": after}, 1000.0)
    assert until is None or 1000.0 < until <= 4600.0


@given(st.lists(st.floats(0, 0.4), max_size=60))
def test_no_second_ever_has_more_than_ten(gaps):
    moment = datetime(2026, 5, 13, tzinfo=UTC)
    limits = InProcessLimits(lambda: moment)
    granted = []
    for gap in gaps:
        moment += timedelta(seconds=gap)
        with suppress(Throttled):
            use(limits)
            granted.append(moment.timestamp())
    for first, eleventh in zip(granted, granted[10:], strict=False):
        assert eleventh - first > 0.999


def test_threads_never_get_more_than_allowed(limits):
    def attempt(_):
        try:
            use(limits)
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(200))) == 10


def test_no_limits_grants_everything():
    limits = NoLimits()
    for _ in range(100):
        use(limits)
    limits.observe("customer", JOBS, {"X-RateLimit-Remaining": "0"})
    use(limits)


def test_the_client_keeps_to_its_limits_without_sending(server, make_client, limits):
    server.on("GET", "/jobs", server.reply(200, {"content": []}))
    client = make_client(limits=limits)
    for _ in range(10):
        client.jobs_page()
    with pytest.raises(Throttled) as caught:
        client.jobs_page()
    assert caught.value.retry_after == pytest.approx(1.0)
    assert len(server.calls("/jobs")) == 10


def test_the_client_obeys_the_headers_of_answers(server, make_client, limits, clock):
    reply = server.reply(200, {"content": []}, X_RateLimit_Remaining="0")
    server.on("GET", "/jobs", reply)
    client = make_client(limits=limits)
    client.jobs_page()
    with pytest.raises(Throttled):
        client.jobs_page()
    clock.advance(1)
    client.jobs_page()
    assert len(server.calls("/jobs")) == 2


def test_after_429_nothing_is_sent_to_that_endpoint_for_a_second(
    server, make_client, limits, clock
):
    server.on("GET", "/jobs", server.reply(429), server.reply(200, {"content": []}))
    client = make_client(limits=limits)
    for expected_status in (429, None):
        with pytest.raises(Throttled) as caught:
            client.jobs_page()
        assert caught.value.status == expected_status
    assert len(server.calls("/jobs")) == 1
    clock.advance(1)
    client.jobs_page()


def test_another_secret_of_the_same_client_shares_its_limits(server, make_client, limits):
    server.on("GET", "/jobs", server.reply(200, {"content": []}))
    for _ in range(10):
        make_client(limits=limits, secret="old").jobs_page()
    with pytest.raises(Throttled):
        make_client(limits=limits, secret="new").jobs_page()
    make_client(limits=limits, client_id="another").jobs_page()


def test_a_place_is_held_while_the_call_is_in_flight(server, make_client, limits):
    client = make_client(limits=limits)
    throttled_meanwhile = []

    def answer_after_another_try(handler):
        with pytest.raises(Throttled) as caught:
            make_client(limits=limits).candidates_page()
        throttled_meanwhile.append(caught.value.retry_after)
        body = b'{"content": []}'
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.on("GET", "/candidates", server.act(answer_after_another_try))
    client.candidates_page()
    client.candidates_page()
    assert throttled_meanwhile == [BUSY_RETRY, BUSY_RETRY]
    assert len(server.calls("/candidates")) == 2
