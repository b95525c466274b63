"""Lists are walked to their end, always in job id order, and never round in circles."""

import pytest

from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer

HOOKS = "/webhooks-api/v201907/subscriptions"


def job(number):
    return {"id": f"job-{number}", "title": f"Job {number}"}


def test_every_page_is_asked_for_in_job_id_order(server, client):
    server.on(
        "GET",
        "/jobs",
        server.reply(200, {"content": [job(1), job(2)], "nextPageId": "bmV4dC0x", "totalFound": 3}),
        server.reply(200, {"content": [], "nextPageId": "bmV4dC0y", "totalFound": 3}),
        server.reply(200, {"content": [job(3)], "totalFound": 3}),
    )
    assert [found.ats_id for found in client.iter_jobs(query="job")] == ["job-1", "job-2", "job-3"]
    assert [seen.query for seen in server.calls("/jobs")] == [
        {"sort": ["job_id"], "limit": ["100"], "q": ["job"]},
        {"sort": ["job_id"], "limit": ["100"], "q": ["job"], "pageId": ["bmV4dC0x"]},
        {"sort": ["job_id"], "limit": ["100"], "q": ["job"], "pageId": ["bmV4dC0y"]},
    ]


def test_pages_are_fetched_as_they_are_consumed(server, client):
    server.on("GET", "/jobs", server.reply(200, {"content": [job(1)], "nextPageId": "p2"}))
    assert next(client.iter_jobs()).ats_id == "job-1"
    assert len(server.calls("/jobs")) == 1


def test_the_link_header_stands_in_for_a_missing_next_page_id(server, client):
    link = '</jobs?limit=10&pageId=abc%3D>; rel="next"'
    server.on("GET", "/jobs", server.reply(200, {"content": []}, Link=link))
    assert client.jobs_page().next_page_id == "abc="


@pytest.mark.parametrize(
    "link",
    [
        '</jobs?pageId=p1>; rel="prev"',
        '</jobs?limit=10>; rel="next"',
        "<http://[>; rel=next",
        ";;;,,,<<>>",
        "rel=next",
    ],
)
def test_a_link_without_a_next_page_is_the_end(server, client, link):
    server.on("GET", "/jobs", server.reply(200, {"content": []}, Link=link))
    assert client.jobs_page().next_page_id is None


def test_a_link_to_another_host_is_not_followed(server, client):
    link = '<http://127.0.0.1:9/steal?pageId=p2>; rel="next"'
    server.on(
        "GET",
        "/jobs",
        server.reply(200, {"content": [job(1)]}, Link=link),
        server.reply(200, {"content": [job(2)]}),
    )
    assert [found.ats_id for found in client.iter_jobs()] == ["job-1", "job-2"]
    assert server.calls("/jobs")[1].query["pageId"] == ["p2"]


@pytest.mark.parametrize("cycle", [["p2"], ["p2", "p3"]])
def test_pages_that_go_round_in_circles_end_in_an_error(server, client, cycle):
    replies = [
        server.reply(200, {"content": [job(1)], "nextPageId": page_id}) for page_id in cycle * 2
    ]
    server.on("GET", "/jobs", *replies)
    with pytest.raises(UnexpectedAnswer, match="do not end"):
        list(client.iter_jobs())
    assert len(server.calls("/jobs")) == len(cycle) + 1


@pytest.mark.parametrize("body", [{}, [], {"content": {}}, {"content": [7]}, {"content": [None]}])
def test_a_page_without_a_list_is_an_unexpected_answer(server, client, body):
    server.on("GET", "/jobs", server.reply(200, body))
    with pytest.raises(UnexpectedAnswer):
        client.jobs_page()


@pytest.mark.parametrize(("limit", "sent"), [(1, "1"), (0, "1"), (-5, "1"), (1000, "100")])
def test_the_page_size_is_one_that_smartrecruiters_takes(server, client, limit, sent):
    server.on("GET", "/jobs", server.reply(200, {"content": []}))
    client.jobs_page(limit=limit)
    assert server.calls("/jobs")[0].query["limit"] == [sent]


def test_candidates_keep_their_filters_on_every_page(server, client):
    server.on(
        "GET",
        "/candidates",
        server.reply(200, {"content": [{"id": "c1"}], "nextPageId": "p2"}),
        server.reply(200, {"content": [{"id": "c2"}]}),
    )
    found = client.iter_candidates("job-1", "IN_REVIEW", "Assessment")
    assert [candidate.ats_id for candidate in found] == ["c1", "c2"]
    for seen in server.calls("/candidates"):
        assert seen.query["jobId"] == ["job-1"]
        assert seen.query["status"] == ["IN_REVIEW"]
        assert seen.query["subStatus"] == ["Assessment"]


def test_subscriptions_are_plain_lists_that_page_by_link(server, client):
    def hook(number):
        return {
            "id": f"s{number}",
            "callbackUrl": "https://example.org",
            "events": [],
            "status": "active",
        }

    link = f"<{HOOKS}?limit=100&page_id=2>; rel=next"
    server.on("GET", HOOKS, server.reply(200, [hook(1)], Link=link), server.reply(200, [hook(2)]))
    assert [found.ats_id for found in client.subscriptions()] == ["s1", "s2"]
    assert server.calls(HOOKS)[1].query == {"limit": ["100"], "page_id": ["2"]}
