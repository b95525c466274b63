"""A watched stage or job that SmartRecruiters no longer has: told once, replaced by nobody."""

from datetime import timedelta

import pytest
import time_machine

from eqsr.accounts.models import User
from eqsr.activity.history import of_connection
from eqsr.activity.sentences import sentence
from eqsr.connections import job_lookup, queries
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.instruments.catalogue import assessments
from eqsr.jobs import missing_stages, service
from eqsr.jobs.models import JobKind, StageLink
from tests.connections.hiring_processes import RENAMED, stages
from tests.page_text import text_of

AS_IT_WAS = {"IN_REVIEW": ["Phone screen", "Assessment"]}


@pytest.fixture
def after(story):
    """Do what the clock has done by so many minutes from now."""
    start = now()

    def pass_by(minutes: float) -> None:
        with time_machine.travel(start + timedelta(minutes=minutes)):
            story.work.by_clock()
            story.work()
            story.work.by_clock()
            story.work()

    return pass_by


def notices(story) -> list[dict]:
    found = [mail for mail in story.mails() if "gone from SmartRecruiters" in mail["subject"]]
    return [mail | {"to": mail["to"][0]} for mail in found]


def job_page(story, who: str) -> str:
    return text_of(story.world.log_in(who).get(f"/jobs/{story.job_id}"))


def link(story) -> StageLink:
    with story.world.app.app_context():
        return db.session.query(StageLink).filter_by(ended_at=None).one()


def test_a_renamed_stage_is_told_to_the_job_s_people_within_a_quarter_of_an_hour(story, after):
    stages(story, **RENAMED)
    after(11)
    assert sorted(mail["to"] for mail in notices(story)) == [story.world.alice, story.world.bob]
    text = notices(story)[0]["text"]
    assert "no longer has the stage “In review: Assessment” of “Java Developer”" in text
    assert "It may now be called “Online test”" in text
    assert f"/jobs/{story.job_id}" in text
    page = job_page(story, story.world.bob)
    assert "SmartRecruiters no longer has this stage" in page and "“Online test”" in page
    alice = story.world.log_in(story.world.alice)
    connection = text_of(alice.get("/connection"))
    assert (
        "Developers is connected to a stage or job that SmartRecruiters no longer has" in connection
    )
    assert "SmartRecruiters no longer has the stage In review: Assessment of Java" in connection
    assert "needs attention" in text_of(alice.get("/jobs?show=trouble")).lower()


def test_nothing_takes_its_place(story, after):
    stages(story, **RENAMED)
    after(11)
    assert (link(story).status, link(story).sub_status) == ("IN_REVIEW", "Assessment")
    story.moves(story.applies(), status="IN_REVIEW", subStatus="Online test")
    story.work()
    assert story.invitations() == []


def test_it_is_told_once(story, after):
    stages(story, **RENAMED)
    for minutes in (11, 22, 33, 44):
        after(minutes)
    assert len(notices(story)) == 2


def test_a_stage_that_comes_back_is_watched_on_and_its_next_loss_is_told_again(story, after):
    stages(story, **RENAMED)
    after(11)
    stages(story, **AS_IT_WAS)
    after(22)
    assert "no longer has" not in job_page(story, story.world.bob)
    assert link(story).missing_since is None
    with story.world.app.app_context():
        lines = [sentence(line) for line in of_connection(story.connection_id)]
    assert "SmartRecruiters has Java Developer, stage In review: Assessment, again." in lines
    story.moves(story.applies())
    story.work.settle()
    assert len(story.invitations()) == 1
    stages(story, **RENAMED)
    after(33)
    assert len(notices(story)) == 4


def test_what_is_back_before_the_email_left_is_not_emailed(story, after):
    stages(story, **RENAMED)
    with time_machine.travel(now() + timedelta(minutes=11)):
        story.work.by_clock()
        story.work("refresh_mirror")
        with story.world.app.app_context():
            assert missing_stages.notify_changes() == 1
            assert missing_stages.notify_changes() == 0
        stages(story, **AS_IT_WAS)
    with time_machine.travel(now() + timedelta(minutes=22)):
        story.work.by_clock()
        story.work("refresh_mirror")
        story.work()
    assert notices(story) == []


def test_the_hint_is_given_only_where_one_stage_may_be_meant(story, after):
    stages(story, IN_REVIEW=["Phone screen", "Online test", "Trial day"])
    after(11)
    assert "It may now be called" not in notices(story)[0]["text"]
    assert "no longer has this stage" in job_page(story, story.world.bob)
    assert "may now be called" not in job_page(story, story.world.bob)


def test_a_stage_of_another_status_is_no_successor(story, after):
    stages(story, IN_REVIEW=["Phone screen"], INTERVIEW=["Assessment"])
    after(11)
    assert len(notices(story)) == 2
    assert "It may now be called" not in notices(story)[0]["text"]


def test_a_job_that_is_deleted_is_told_too(story, after):
    with story.world.app.app_context():
        with transaction() as session:
            session.get(StageLink, link(story).id).ats_job.gone_at = now()
        assert missing_stages.notify_changes() == 1
    story.work()
    assert (
        "The SmartRecruiters job “Java Developer” is no longer there" in notices(story)[0]["text"]
    )


def test_a_closed_job_bothers_nobody(story, after):
    with story.world.app.app_context():
        service.close_job(service.job_of(story.world.northwind, story.job_id))
    stages(story, **RENAMED)
    after(11)
    assert notices(story) == []


def test_one_email_tells_of_all_that_went_together(story, after):
    with story.world.app.app_context():
        alice = db.session.query(User).filter_by(email=story.world.alice).one()
        second = service.create_job(
            story.world.northwind, "Second", JobKind.ATS, assessments()[0].id, alice
        )
        ats_job = job_lookup.find_job(queries.get(story.connection_id), story.ats_job)
        service.connect(second, ats_job, "IN_REVIEW", "Phone screen", alice)
    stages(story, IN_REVIEW=["Talk", "Online test"])
    after(11)
    mails = {mail["to"]: mail for mail in notices(story)}
    assert len(notices(story)) == 2
    assert "2 connected stages are gone" in mails[story.world.alice]["subject"]
    assert "Second" in mails[story.world.alice]["text"]
    # bob is on the first job's team only.
    assert "Second" not in mails[story.world.bob]["text"]
    assert "Developers" in mails[story.world.bob]["text"]


def test_only_what_is_gone_is_told(story, after):
    with story.world.app.app_context():
        alice = db.session.query(User).filter_by(email=story.world.alice).one()
        job = service.job_of(story.world.northwind, story.job_id)
        ats_job = job_lookup.find_job(queries.get(story.connection_id), story.ats_job)
        for place in (("IN_REVIEW", "Phone screen"), ("IN_REVIEW", ""), ("NEW", "")):
            service.connect(job, ats_job, *place, alice)
    stages(story, **RENAMED)
    after(11)
    with story.world.app.app_context():
        told = db.session.query(StageLink).filter(StageLink.missing_since.is_not(None)).all()
        assert [(one.status, one.sub_status) for one in told] == [("IN_REVIEW", "Assessment")]
    assert "Phone screen" not in notices(story)[0]["text"]


def processes(story) -> list[dict]:
    return story.box.get(f"companies/{story.company}")["hiringProcesses"]


def changes(story, process: dict, **facts) -> None:
    path = f"companies/{story.company}/hiring-processes/{process['id']}"
    story.box.post(path, facts)


def adds(story, name: str, **sub_statuses) -> dict:
    path = f"companies/{story.company}/hiring-processes"
    return story.box.post(path, {"name": name, "subStatuses": sub_statuses})


def test_a_new_name_is_found_though_the_process_was_renamed_too(story, after):
    for number, process in enumerate(processes(story)):
        changes(story, process, name=f"Standard {number}", subStatuses=RENAMED)
    after(11)
    assert "It may now be called “Online test”" in notices(story)[0]["text"]


def test_a_process_of_the_same_name_is_another_one(story, after):
    """The stage is gone from one process; what is new belongs to another of the same name."""
    before = processes(story)
    other = adds(story, before[-1]["name"], INTERVIEW=["On-site"])
    after(11)
    for process in before:
        changes(story, process, subStatuses={"IN_REVIEW": ["Phone screen"]})
    changes(story, other, subStatuses={"IN_REVIEW": ["Culture fit"]})
    after(22)
    text = notices(story)[0]["text"]
    assert "no longer has the stage" in text and "Culture fit" not in text


def test_a_stage_renamed_back_to_an_older_name_is_found(story, after):
    stages(story, **RENAMED)
    after(11)
    with story.world.app.app_context(), transaction() as session:
        session.query(StageLink).update({"sub_status": "Online test", "missing_since": None})
    stages(story, **AS_IT_WAS)
    after(22)
    assert any("It may now be called “Assessment”" in mail["text"] for mail in notices(story))


def test_a_stage_that_leaves_one_of_its_processes_is_written_down(story, after):
    other = adds(story, "Second", IN_REVIEW=["Assessment"])
    after(11)
    changes(story, other, subStatuses={"IN_REVIEW": []})
    after(22)
    with story.world.app.app_context():
        lines = [sentence(line) for line in of_connection(story.connection_id)]
    expected = "Some hiring processes in SmartRecruiters no longer have these stages: In review: "
    assert [line for line in lines if line.startswith(expected + "Assessment")]
    assert notices(story) == []


def test_a_job_that_moved_to_another_process_is_hinted_at(story, after):
    other = adds(story, "Interns", IN_REVIEW=["Portfolio"])
    after(11)
    page = job_page(story, story.world.bob)
    assert "may have another hiring process" not in page
    path = f"companies/{story.company}/jobs/{story.ats_job}"
    story.box.post(path, {"hiringProcessId": other["id"]})
    story.moves(story.applies(), status="IN_REVIEW", subStatus="Portfolio")
    story.work()
    page = job_page(story, story.world.bob)
    assert "may have another hiring process now" in page and "“In review: Assessment”" in page
    assert story.invitations() == []
