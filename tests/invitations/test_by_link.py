"""Coming by a job's open link."""

from urllib.parse import urlsplit

from sqlalchemy import func, select

from eqsr.candidates.models import Candidate
from eqsr.db import db
from eqsr.invitations import by_link
from eqsr.invitations.links import share_url
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job
from eqsr.mail.models import Mail
from tests.candidates.several import make_job
from tests.invitations.conftest import at_once


def test_the_same_form_at_once_makes_one_person(app, world):
    job_id, fresh = make_job(world), []

    def comes():
        with app.app_context():
            _invitation, new = by_link.invite(job_id, "Ada", "Prins", "Ada@mail.example")
            fresh.append(new)
            db.session.remove()

    at_once(*[comes] * 4)
    assert sorted(fresh) == [False, False, False, True]
    with app.app_context():
        for table in (Invitation, Candidate, Mail):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_names_have_no_letters_that_a_database_refuses(app, client, world):
    with app.app_context():
        path = urlsplit(share_url(db.session.get_one(Job, make_job(world)))).path
    form = {"first_name": "A\x00da\n", "last_name": "Pr ins", "email": "ada@mail.example"}
    assert client.post(path, data=form).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(Candidate.first_name)) == "A da"
