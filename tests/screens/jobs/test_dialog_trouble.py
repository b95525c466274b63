"""The Connect dialog where SmartRecruiters is not connected, in trouble, or still being read."""

import pytest

from eqsr.connections import job_lookup
from eqsr.connections.models import ConnectionState
from eqsr.core.db import transaction
from tests.page_text import text_of
from tests.screens.jobs.dialog import NEVER, found, options

pytestmark = pytest.mark.one_database


def test_stages_that_were_never_read_are_read_now(desk):
    job_id, nurse = desk.creates(), desk.ats_job("Nurse").id
    path = f"/jobs/{job_id}/connect/stages?ats_job={nurse}"
    forget_stages(desk)
    desk.customer.fails("500", "/configuration/*")
    assert "does not answer" in text_of(desk.get(path, htmx=True))
    desk.customer.heal()
    assert "Interview: On-site" in options(desk.get(path, htmx=True).text)


def forget_stages(desk) -> None:
    with desk.app.app_context(), transaction() as session:
        for stage in job_lookup.stages(desk.customer.connection_id):
            session.delete(stage)


def test_without_a_connection_it_says_so_and_helps_an_admin(bare_desk):
    job_id = bare_desk.creates()
    for htmx in (True, False):
        answer = bare_desk.get(f"/jobs/{job_id}/connect", htmx=htmx)
        assert answer.status_code == 200
        assert "SmartRecruiters is not connected" in text_of(answer)
        assert "Go to the connection" not in text_of(answer)
    alice = bare_desk.world.log_in(bare_desk.world.alice)
    assert "Go to the connection" in text_of(alice.get(f"/jobs/{job_id}/connect"))
    answer = bare_desk.post(f"/jobs/{job_id}/connect", htmx=True, ats_job=NEVER, stage=NEVER)
    assert answer.status_code == 422 and "not connected" in text_of(answer)


def test_a_connection_that_ends_while_the_dialog_is_open(desk):
    job_id = desk.creates()
    desk.customer.set_connection(state=ConnectionState.DISCONNECTED)
    answer = desk.connects(job_id, "Nurse", "NEW", htmx=True)
    assert answer.status_code == 422 and "not connected any more" in text_of(answer)
    for tail in ("jobs?q=x", f"stages?ats_job={NEVER}", f"counts?ats_job={NEVER}"):
        answer = desk.get(f"/jobs/{job_id}/connect/{tail}", htmx=True)
        assert answer.status_code == 400 and "not connected any more" in text_of(answer)


def test_a_connection_in_trouble_can_still_be_used(desk):
    job_id = desk.creates()
    desk.customer.set_connection(state=ConnectionState.NEEDS_ATTENTION)
    assert "needs attention" in text_of(desk.get(f"/jobs/{job_id}/connect", htmx=True))
    assert desk.connects(job_id, "Nurse", "NEW").status_code == 303


def test_a_credential_that_can_not_be_read_is_a_sentence(desk):
    job_id = desk.creates()
    desk.customer.set_connection(encrypted_client_secret="not ours")
    assert "can't be asked at the moment" in text_of(found(desk, job_id, NEVER)).replace("’", "'")


def test_jobs_that_are_still_being_read_are_not_no_jobs(desk, app):
    job_id = desk.creates()
    desk.customer.set_connection(jobs_synced_at=None)
    with app.app_context(), transaction() as session:
        for title in ("Nurse", "Java Developer"):
            session.delete(session.merge(desk.ats_job(title)))
    assert "being read" in text_of(desk.get(f"/jobs/{job_id}/connect", htmx=True))


def test_a_closed_job_is_not_connected(desk):
    job_id = desk.creates()
    desk.post(f"/jobs/{job_id}/close")
    answer = desk.connects(job_id, "Nurse", "NEW", htmx=True)
    assert answer.status_code == 422 and "Reopen it" in text_of(answer)
