"""Finding a SmartRecruiters job: in the mirror, and live by its id; and counting its stages."""

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eqsr.connections import job_lookup, search
from eqsr.connections.counts import Counts, counts_in_stage
from eqsr.connections.models import AtsJob
from eqsr.connections.search_text import search_text
from eqsr.core.db import end_read, transaction
from eqsr.core.folding import folded
from eqsr.smartrecruiters.errors.outages import Unavailable
from tests.customer import Customer, connected

NEVER = "00000000-0000-4000-8000-000000000000"
DAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def customer(app, box, world) -> Customer:
    return connected(app, box, world.northwind, "Northwind")


def plant(customer: Customer, *titles: str, since: datetime = DAY, **values) -> None:
    """Mirrored jobs with these titles, each updated a day after the one before."""
    with customer.app.app_context(), transaction() as session:
        for day, title in enumerate(titles):
            facts = {"ats_id": str(uuid.uuid4()), "ref_number": "", "title": title} | values
            stored = search_text(facts["title"], facts["ref_number"], facts["ats_id"])
            session.add(
                AtsJob(
                    connection_id=customer.connection_id,
                    search=stored,
                    updated_on=since + timedelta(days=day),
                    **facts,
                )
            )


def titles(customer: Customer, text: str, **options) -> list[str]:
    with customer.app.app_context():
        return [job.title for job in search.search_jobs(customer.connection_id, text, **options)]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Développeur  SÉNIOR\t", "developpeur senior"),
        ("Łódź Straße Øresund", "lodz strasse oresund"),
        ("İstanbul ıI", "istanbul ii"),
        ("ﬁnance ２０２６", "finance 2026"),
        ("zero\u200bwidth \x00 nul", "zerowidth nul"),
        ("مُهَنْدِس", "مهندس"),
        ("", ""),
    ],
)
def test_folding(text, plain):
    assert folded(text) == plain


@given(st.text(), st.text(), st.text())
def test_what_is_searched_fits_an_index_of_postgresql(title, ref_number, ats_id):
    searched = search_text(title * 200, ref_number * 200, ats_id * 200)
    assert len(searched.encode()) < 2100 and searched.count("\n") == 3


@given(st.text())
@example("𝓐")
def test_folding_twice_changes_nothing_and_leaves_one_line(text):
    assert folded(folded(text)) == folded(text)
    assert "\n" not in folded(text) and "\x00" not in folded(text)


@pytest.mark.parametrize(
    "text",
    ["java", "DEVELOPER java", "dévelop", "  senior   java ", "eloper ja", "REF-1", "f-1 sen"],
)
def test_every_word_must_be_somewhere(customer, text):
    plant(customer, "Senior Java Developer", ref_number="REF-1")
    plant(customer, "Nurse", ref_number="REF-2")
    assert titles(customer, text) == ["Senior Java Developer"]


@pytest.mark.parametrize("text", ["java nurse", "javas", "senior java cook", "%", "_", "/", "\\"])
def test_nothing_is_found_where_a_word_is_missing(customer, text):
    plant(customer, "Senior Java Developer", "Nurse")
    assert titles(customer, text) == []


@pytest.mark.parametrize("text", ["100%", "a_b", "c\\d", "e/f", "'; --", "100% a_b c\\d e/f"])
def test_wildcards_are_plain_letters(customer, text):
    plant(customer, "100% a_b c\\d e/f '; --", "100x axb cd ef ;")
    assert titles(customer, text) == ["100% a_b c\\d e/f '; --"]


def test_whole_references_come_first_then_beginnings_then_the_latest(customer):
    plant(customer, "Old cook", "Cook old", "Cook late", "A cook late")
    plant(customer, "Porter", ref_number="COOK", since=DAY - timedelta(days=9))
    plant(customer, "Waiter", ref_number="COOK-2", since=DAY - timedelta(days=8))
    assert titles(customer, "cook") == [
        "Porter",
        "Cook late",
        "Cook old",
        "A cook late",
        "Old cook",
        "Waiter",
    ]
    assert titles(customer, "")[:3] == ["A cook late", "Cook late", "Cook old"]


def test_the_best_are_found_behind_many_that_also_match(customer):
    plant(customer, "Porter", ref_number="COOK")
    plant(customer, "Cook first", since=DAY + timedelta(days=1))
    plant(customer, *[f"A cook {n}" for n in range(40)], since=DAY + timedelta(days=2))
    found = titles(customer, "cook")
    assert found[:3] == ["Porter", "Cook first", "A cook 39"]
    assert len(found) == search.MAX_JOBS


def test_a_whole_id_is_found_and_comes_first(customer):
    plant(customer, "Wanted", ats_id=NEVER)
    plant(customer, f"Mentions {NEVER}")
    assert titles(customer, NEVER.upper())[0] == "Wanted"
    assert titles(customer, NEVER[:13]) == titles(customer, NEVER)


def test_what_is_gone_or_anothers_is_not_found(app, box, world, customer):
    plant(customer, "Gone", gone_at=DAY)
    plant(connected(app, box, world.acme, "Acme"), "Theirs")
    plant(customer, "Ours")
    assert titles(customer, "") == ["Ours"]
    assert titles(customer, "gone") == titles(customer, "theirs") == []


def test_a_list_has_an_end_and_an_absurd_text_does_no_harm(customer):
    plant(customer, *[f"Cook {n}" for n in range(30)])
    assert len(titles(customer, "cook")) == search.MAX_JOBS
    assert len(titles(customer, "cook", limit=3)) == 3
    assert titles(customer, "cook \x00 " + "x" * 100_000) == []


def test_an_id_or_an_address_finds_a_job_that_is_not_mirrored(app, customer):
    ats_id = customer.opens("Baker")
    with app.app_context():
        address = f"https://www.smartrecruiters.com/app/jobs/details/{ats_id.upper()}?tab=x"
        found = job_lookup.find_job(customer.connection(), address)
        assert (found.title, found.ats_id) == ("Baker", ats_id)
        before = len(customer.box.get("requests"))
        assert job_lookup.find_job(customer.connection(), ats_id).id == found.id
        assert len(customer.box.get("requests")) == before


def test_no_such_job_is_none_and_no_answer_is_an_error(app, customer):
    with app.app_context():
        assert job_lookup.find_job(customer.connection(), "no id") is None
        assert job_lookup.find_job(customer.connection(), NEVER) is None
        customer.fails("503", "/jobs/*")
        with pytest.raises(Unavailable):
            job_lookup.find_job(customer.connection(), NEVER)


def counted(customer: Customer, ats_id: str, seconds: float = 20) -> tuple[dict, Counts]:
    """Numbers by (status, sub-status), and all that is told."""
    with customer.app.app_context():
        end_read()
        connection = customer.connection()
        stages = job_lookup.stages(connection.id)
        job = job_lookup.find_job(connection, ats_id)
        counts = counts_in_stage(connection, job, stages, seconds)
        return {
            (stage.status, stage.sub_status): counts.numbers[stage.id]
            for stage in stages
            if stage.id in counts.numbers
        }, counts


@pytest.fixture
def staffed(customer) -> tuple[Customer, str]:
    """Two in New, three in In review: Assessment, one in Interview without a sub-status."""
    customer.hires(name="Plain", subStatuses={"IN_REVIEW": ["Assessment"]})
    plain = customer.processes()[-1]["id"]
    ats_id = customer.opens("Baker", hiringProcessId=plain)
    customer.gets_candidates(ats_id, 2)
    customer.gets_candidates(ats_id, 3, status="IN_REVIEW", subStatus="Assessment")
    customer.gets_candidates(ats_id, 1, status="INTERVIEW")
    customer.gets_candidates(customer.opens("Other"), 5)
    customer.mirror()
    return customer, ats_id


def test_candidates_are_counted_per_stage(staffed):
    numbers, counts = counted(*staffed)
    assert not counts.rest and not counts.failed
    assert numbers["NEW", ""] == 2
    assert (numbers["IN_REVIEW", ""], numbers["IN_REVIEW", "Assessment"]) == (0, 3)
    assert (numbers["INTERVIEW", ""], numbers["INTERVIEW", "On-site"]) == (1, 0)
    assert numbers["HIRED", ""] == 0


def test_counting_stops_when_time_is_up_and_tells_where(staffed):
    customer, ats_id = staffed
    customer.fails("slow", "/candidates", delay_seconds=0.2)
    numbers, counts = counted(customer, ats_id, 0.1)
    assert list(numbers) == [("LEAD", "")]
    assert [stage.status for stage in counts.rest][:1] == ["NEW"] and not counts.failed


@pytest.mark.parametrize(
    ("kind", "failed"), [("500", True), ("403", True), ("garbage", True), ("429", False)]
)
def test_counting_never_fails_loudly(staffed, kind, failed):
    customer, ats_id = staffed
    customer.fails(kind, "/candidates")
    started = time.monotonic()
    numbers, counts = counted(customer, ats_id)
    assert (numbers, counts.failed) == ({}, failed)
    assert len(counts.rest) == len(search_stages(customer))
    assert time.monotonic() - started < 15


def search_stages(customer: Customer) -> list:
    with customer.app.app_context():
        return job_lookup.stages(customer.connection_id)
