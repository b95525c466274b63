"""The gallery reports pages in docs/http.md and mails that have no picture."""

from tools.screenshots.missing import NO_PAGES, mails, pages, without_picture
from tools.screenshots.studio import Seen


def test_whatever_is_left_out_is_an_address():
    assert set(pages()) >= NO_PAGES


def test_every_mail_is_known():
    assert {"invitation", "reminder", "team_invitation"} <= set(mails())
    assert "layout" not in mails()


def test_what_was_not_come_past_is_named():
    missing = without_picture(Seen({"/jobs", "/jobs/1"}, {"mail-team-invitation"}))
    assert "/jobs" not in missing
    assert "/jobs/<uuid:job_id>" not in missing
    assert "the mail team_invitation" not in missing
    assert {"/jobs/new", "/jobs/<uuid:job_id>/fit", "the mail reminder"} <= set(missing)


def test_a_page_of_a_list_is_not_taken_for_one_of_its_entries():
    assert "/jobs/<uuid:job_id>" in without_picture(Seen({"/jobs/new"}))
