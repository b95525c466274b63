"""Comparison groups: shown, made, given to jobs; and scoring again."""

import statistics
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from scipy import stats
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from eqsr.accounts.models import User
from eqsr.activity.models import Activity
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.invitations.models import Invitation
from eqsr.norms import choosing, group_offers, groups
from eqsr.norms.models import JobNorm, LocalNorm
from eqsr.outbox.models import Work as Row
from eqsr.sittings import rescoring
from eqsr.sittings.models import Score, Sitting
from tests.norms.crowd import crowd
from tests.norms.forms import post
from tests.page_text import text_of
from tests.world import World

LEVELS = [number % 7 for number in range(100)]


def scores(world: World, invitation_id) -> list[Score]:
    with world.app.app_context():
        query = select(Score).join(Sitting).where(Sitting.invitation_id == invitation_id)
        return list(db.session.scalars(query.order_by(Score.scale, Score.version)))


def test_with_99_people_the_page_says_how_many_are_missing(world):
    crowd(world, LEVELS[:99])
    alice = world.log_in(world.alice)
    page = text_of(alice.get("/norms"))
    assert "People with readable answers 99 of 100" in page
    assert "Keep this group" not in page
    refused = post(alice, "/norms/work-style")
    assert refused.status_code == 400
    assert "A group of your own needs 100 people" in text_of(refused)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LocalNorm)) == 0


def test_from_100_people_on_a_group_is_offered_and_kept_as_it_is(world):
    job_id, invitations = crowd(world, LEVELS)
    alice = world.log_in(world.alice)
    page = text_of(alice.get("/norms"))
    assert "Your own people: 100" in page
    assert "A small group: with 100 people its middle may be off by 0.4 of the ten steps" in page
    assert "100% come from one job." in page
    before = [score.outcome for score in scores(world, invitations[0])]
    kept = text_of(post(alice, "/norms/work-style"))
    assert "Version 1 of your own group is kept. No score has changed." in kept
    assert [score.outcome for score in scores(world, invitations[0])] == before
    with world.app.app_context():
        norm = db.session.scalars(select(LocalNorm)).one()
        raw = db.session.execute(
            select(Score.outcome).where(Score.scale == "extraversion", Score.is_current)
        ).scalars()
        values = [one["raw"] for one in raw if one["interpretable"]]
        facts = norm.scales["extraversion"]
        assert facts["n"] == len(values) == 100
        assert facts["mean"] == pytest.approx(statistics.fmean(values), abs=1e-12)
        assert facts["sd"] == pytest.approx(statistics.stdev(values), abs=1e-12)
    crowd(world, [6] * 20, title="Driver")
    again = text_of(post(alice, "/norms/work-style"))
    assert "Version 2 of your own group is kept." in again
    with world.app.app_context():
        first = db.session.scalars(select(LocalNorm).where(LocalNorm.version == 1)).one()
        assert first.scales["extraversion"] == facts
        of_job = db.session.scalars(select(JobNorm).where(JobNorm.job_id == job_id)).one()
        assert of_job.norm_id == "online-2018"


def test_the_same_people_make_no_second_version(world):
    crowd(world, LEVELS)
    alice = world.log_in(world.alice)
    post(alice, "/norms/work-style")
    post(alice, "/norms/work-style")
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LocalNorm)) == 1


def test_two_who_keep_a_group_at_once_keep_one(world):
    crowd(world, LEVELS)
    ready = threading.Barrier(2)

    def keep(_number: int) -> int:
        with world.app.app_context():
            alice = db.session.scalar(select(User).where(User.email == world.alice))
            ready.wait(60)
            return groups.make(world.northwind, "work-style", alice).version

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(keep, range(2))) == [1, 1]


def test_a_job_given_another_group_is_scored_again_beside_the_old_scores(world, work):
    job_id, invitations = crowd(world, LEVELS)
    alice = world.log_in(world.alice)
    post(alice, "/norms/work-style")
    told = text_of(post(alice, f"/norms/work-style/jobs/{job_id}", norm="local/1"))
    assert "100 people are being scored again." in told
    with world.app.app_context():
        rows = db.session.scalars(select(Row).where(Row.kind == "rescore")).all()
        assert len(rows) == 100
    work("rescore", rounds=20)
    found = [score for score in scores(world, invitations[3]) if score.scale == "extraversion"]
    assert [(one.version, one.is_current, one.norm_id) for one in found] == [
        (1, False, "online-2018"),
        (2, True, "local"),
    ]
    assert found[0].outcome["raw"] == found[1].outcome["raw"]
    assert found[0].outcome["z"] != found[1].outcome["z"]
    everybody = [
        score.outcome["raw"]
        for invitation in invitations
        for score in scores(world, invitation)
        if score.scale == "extraversion" and score.is_current
    ]
    raw = found[1].outcome["raw"]
    counted = stats.percentileofscore(everybody, raw, kind="mean")
    assert found[1].outcome["percentile"] == pytest.approx(counted, abs=5)
    assert found[1].outcome["raw_low"] == found[0].outcome["raw_low"]
    with world.app.app_context():
        invitation = db.session.get(Invitation, invitations[3])
        told = db.session.scalars(
            select(Activity.kind).where(Activity.application_id == invitation.application_id)
        ).all()
        assert "rescored" in told
        assert db.session.scalars(
            select(Row).where(Row.kind == "write_back", Row.subject_id == invitation.id)
        ).all()
        candidate_id = invitation.application.candidate_id
    profile = text_of(alice.get(f"/candidates/{candidate_id}"))
    assert "Compared with: Own candidates of Northwind (100 people" in profile
    assert "These answers were scored before, against another group." in profile
    assert "People who took the same items online, 2016-2018" in profile
    post(alice, f"/norms/work-style/jobs/{job_id}", norm="online-2018/1")
    work("rescore", rounds=20)
    profile = text_of(alice.get(f"/candidates/{candidate_id}"))
    earlier = profile.split("These answers were scored before, against another group.")[1]
    assert "Own candidates of Northwind, " in earlier and "{" not in earlier


def test_scoring_again_changes_nothing_when_nothing_changed(world, work):
    _job, invitations = crowd(world, [1, 5])
    with world.app.app_context():
        assert rescoring.request_rescoring(organisation_id=world.northwind) == 2
        rescoring.request_rescoring(organisation_id=world.northwind)
        sitting = db.session.scalar(select(Sitting.id))
    assert work("rescore") == 2
    with world.app.app_context():
        assert rescoring.rescore(sitting) is False
    assert {score.version for score in scores(world, invitations[0])} == {1}


def test_a_sitting_that_was_erased_meanwhile_is_not_scored_again(world):
    with world.app.app_context():
        assert rescoring.rescore(new_id()) is False


def test_the_database_allows_one_current_score(world):
    _job, invitations = crowd(world, [1])
    first = scores(world, invitations[0])[0]
    another = Score(
        sitting_id=first.sitting_id,
        scale=first.scale,
        version=2,
        norm_id="x",
        norm_version="1",
        outcome={},
    )
    with world.app.app_context(), pytest.raises(IntegrityError), transaction() as session:
        session.add(another)


def test_new_jobs_get_the_chosen_group_and_old_ones_keep_theirs(world):
    old, _ = crowd(world, LEVELS)
    alice = world.log_in(world.alice)
    post(alice, "/norms/work-style")
    told = text_of(post(alice, "/norms/work-style/default", norm="local/1"))
    assert "New jobs: Own candidates of Northwind, version 1 (100 people" in told
    new, invitations = crowd(world, [2], title="Driver")
    assert {score.norm_id for score in scores(world, invitations[0])} == {"local"}
    with world.app.app_context():
        chosen = dict(db.session.execute(select(JobNorm.job_id, JobNorm.norm_id)).all())
        assert chosen == {old: "online-2018", new: "local"}


MANY = [f"local/{10**20}", f"local/{'9' * 5000}"]


@pytest.mark.parametrize("norm", ["local/1", "local/x", "local/²", *MANY, "nobody/1", ""])
def test_a_group_that_there_is_not_is_refused(world, norm):
    job_id, _ = crowd(world, [1])
    alice = world.log_in(world.alice)
    answer = post(alice, f"/norms/work-style/jobs/{job_id}", norm=norm)
    assert answer.status_code == 404
    assert post(alice, "/norms/nothing/default", norm="online-2018/1").status_code == 404


def test_another_organisations_group_is_not_theirs(world):
    crowd(world, LEVELS)
    with world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == world.alice))
        groups.make(world.northwind, "work-style", alice)
        with pytest.raises(UserError):
            choosing.use_for_new_jobs(world.acme, "work-style", "local", "1", alice)


def test_everybody_counts_once_and_only_when_readable(world):
    _job, invitations = crowd(world, [1, 2, 3])
    with world.app.app_context(), transaction() as session:
        first, second, third = (session.get(Invitation, one) for one in invitations)
        second.application.candidate_id = first.application.candidate_id
        second.application.ats_job_id = None
        for score in session.scalars(
            select(Score).join(Sitting).where(Sitting.invitation_id == third.id)
        ):
            score.outcome = score.outcome | {"interpretable": False}
    with world.app.app_context():
        (found,) = group_offers.offered(world.northwind)
        assert found.people == 0  # one person alone has no spread
        assert found.groups == {}


def test_a_reviewer_sees_none_of_it(world):
    assert world.log_in(world.bob).get("/norms").status_code == 404
