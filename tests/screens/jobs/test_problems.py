"""A recruiter hears of the connection's trouble where the work is."""

from eqsr.connections import service as connections


def test_the_overview_says_that_the_connection_needs_attention(story):
    browser = story.world.log_in(story.world.bob)
    assert "needs attention" not in browser.get("/jobs").get_data(as_text=True)
    with story.world.app.app_context():
        connections.open_problem(story.connection_id, "The secret is no longer valid.")
    page = browser.get("/jobs").get_data(as_text=True)
    assert "The connection needs attention" in page
    assert "The secret is no longer valid." in page


def test_a_profile_leads_back_to_its_job(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    (invitation,) = story.invitations()
    browser = story.world.log_in(story.world.bob)
    with story.world.app.app_context():
        from eqsr.invitations.service import get

        candidate_id = get(invitation.id).application.candidate_id
    page = browser.get(f"/candidates/{candidate_id}").get_data(as_text=True)
    assert f'href="/jobs/{story.job_id}"' in page
