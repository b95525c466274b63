"""The file of a job's candidates, opened by the spreadsheet programs of its readers."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from eqsr.accounts.models import User
from eqsr.candidates.models import Candidate
from eqsr.core.db import transaction
from eqsr.invitations.models import Invitation
from tests.screens.profile.several import answers, completes, make_job
from tests.services.spreadsheet import opened
from tests.world import World

LATE = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
SCALES = 5


@pytest.fixture
def job_id(world):
    """Zoë has completed, at half past midnight in Amsterdam; and somebody with an evil name."""
    job_id = make_job(world)
    zoe = completes(world, job_id, "Zoë Quïst-Øster", answers(extraversion=5))
    completes(world, job_id, "Evil Łęć; Żółć", answers())
    with world.app.app_context(), transaction() as session:
        session.execute(
            update(Candidate).where(Candidate.first_name == "Evil").values(first_name="=1+1")
        )
        session.execute(
            update(Invitation)
            .where(Invitation.id == zoe.id)
            .values(completed_at=LATE, queued_at=LATE)
        )
    return job_id


def exported(world, job_id, language, accept="", zone=""):
    with world.app.app_context(), transaction() as session:
        mine = update(User).where(User.email == World.bob)
        session.execute(mine.values(language=language, time_zone=zone))
    path = f"/jobs/{job_id}/invitations.csv?sort=name"
    return world.log_in(World.bob).get(path, headers={"Accept-Language": accept} if accept else {})


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("language", "locale", "separator", "score"),
    [
        ("nl", "nl-NL", ";", "sten 10, "),
        ("de", "de-DE", ";", "Sten 10, "),
        ("fr", "fr-FR", ";", "sten 10"),
        ("en", "en-GB", ",", "sten 10, give or take: 7.4 to 10.0"),
    ],
)
def test_it_opens_in_columns(world, job_id, tmp_path, language, locale, separator, score):
    file = tmp_path / "invitations.csv"
    file.write_bytes(exported(world, job_id, language).data)
    head, *rows = opened(file, locale, separator)
    assert len(head) == 11 + SCALES
    assert [one.text.endswith(" (Europe/Amsterdam)") for one in head].count(True) == 6
    evil, zoe = sorted(rows, key=lambda row: "Zoë" in row[0].text)
    assert zoe[0].text == "Zoë Quïst-Øster" and zoe[1].text == "zoë@mail.example"
    assert evil[0].text.endswith("=1+1 Łęć; Żółć") and not any(one.formula for one in evil)
    assert [zoe[at].kind for at in (4, 8)] == ["date", "date"], "a moment is one, not letters"
    assert zoe[3].kind == "float"
    assert len(zoe) == 11 + SCALES
    assert score in zoe[11].text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("language", "accept", "separator"),
    [
        ("nl", "en-US,en", ";"),
        ("en", "", ","),
        ("en", "en-GB,en;q=0.9", ","),
        ("en", "nl-NL,nl;q=0.9,en;q=0.8", ";"),
        ("en", "en-NL", ";"),
        ("en", "xx-YY", ","),
        ("en", "*", ","),
    ],
)
def test_the_separator_is_the_readers(world, job_id, language, accept, separator):
    lines = exported(world, job_id, language, accept).data.decode("utf-8-sig").splitlines()
    assert lines[0].count(separator) == 10 + SCALES


@pytest.mark.one_database
def test_moments_are_by_the_readers_clock_and_say_so(world, job_id):
    text = exported(world, job_id, "en", zone="Asia/Tokyo").data.decode("utf-8-sig")
    assert "Completed (Asia/Tokyo)" in text and "2026-11-25 08:30" in text
    text = exported(world, job_id, "en").data.decode("utf-8-sig")
    assert "Completed (Europe/Amsterdam)" in text and "2026-11-25 00:30" in text


@pytest.mark.one_database
def test_scores_are_told_as_on_the_page(world, job_id):
    text = exported(world, job_id, "en").data.decode("utf-8-sig")
    page = world.log_in(World.bob).get(f"/jobs/{job_id}?sort=score.work-style.extraversion.high")
    assert "Extraversion" in text.splitlines()[0]
    score = "sten 10, give or take: 7.4 to 10.0"
    assert score in text and score in page.text
