"""What is wrong with a credential is said, and another one can be given."""

import pytest

from eqsr.connections import credential_steps
from eqsr.connections import service as connections
from eqsr.connections.models import ConnectionState
from eqsr.core.stored_messages import render
from tests.onboarding.admin import Account
from tests.page_text import text_of


def test_a_wrong_secret_is_said_and_can_be_changed(admin, account, site, work):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, "not-the-secret")
    work()
    page = admin.text("/check")
    assert "does not accept this Client ID and Client Secret" in page
    assert "Change and try again" in page
    assert "does not accept" in admin.link().failure

    # Either may be a secret that was typed into the wrong field.
    form = admin.get("/keys").get_data(as_text=True)
    assert credential.client_id not in form
    assert "not-the-secret" not in form
    admin.enter(credential.client_id, credential.client_secret)
    assert admin.link().failure is None
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(account.subscriptions()) == 1


def test_a_secret_in_the_wrong_field_is_never_kept_in_clear(admin, account, site, work):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_secret, credential.client_id + "-and-a-typo")
    work()
    assert "does not accept this Client ID" in admin.text("/check")
    assert credential.client_secret not in str(vars(admin.connection()))
    for page in ("/keys", "/check"):
        assert credential.client_secret not in admin.get(page).get_data(as_text=True)


def test_a_wrong_secret_is_said_once_and_nothing_else_is_listed(admin, account, site, work):
    admin.consent()
    admin.enter(account.credential().client_id, "not-the-secret")
    work()
    page = admin.get("/check").get_data(as_text=True)
    assert text_of(admin.get("/check")).count("does not accept this Client ID") == 1
    assert "check-mark" not in page
    assert 'aria-label="Waiting"' not in page
    assert "Access scope" not in page


@pytest.mark.parametrize("again", [False, True])
def test_swapped_keys_are_recognised_and_exchanged(app, admin, account, site, work, again):
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_secret, credential.client_id)
    if again:  # a worker died after it had exchanged them
        with app.app_context():
            connection = connections.of(admin.organisation_id)
            credential_steps._exchange_if_swapped(connection)
    work()
    page = admin.text("/check")
    assert "SmartRecruiters is connected." in page
    if not again:
        assert page.count("were in each other's field") == 1
    connection = admin.connection()
    assert connection.client_id == credential.client_id
    assert credential.client_secret not in str(vars(connection))


def test_swapped_and_wrong_keys_are_just_wrong(admin, account, site, work):
    credential = account.credential()
    admin.consent()
    admin.enter("not-the-secret", credential.client_id)
    work()
    assert "does not accept this Client ID" in admin.text("/check")
    assert admin.connection().client_id is None


def test_each_missing_scope_is_named_and_the_others_are_ticked(admin, account, site, work):
    credential = account.credential(without=("messages_write", "jobs_read"))
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    states = {step["name"]: step["state"] for step in admin.connection().steps}
    assert [name for name, state in states.items() if state == "failed"] == [
        "scope:jobs_read",
        "scope:messages_write",
    ]
    assert states["scope:webhooks_manage"] == "ok"
    page = admin.text("/check")
    assert "Access scope jobs_read Missing, or the credential's" in page
    assert "Access scope messages_write Missing, or the credential's" in page
    assert "The scopes jobs_read, messages_write are missing" in page
    failure = render(admin.link().failure)
    assert failure.startswith("The scopes jobs_read, messages_write are missing")
    assert not account.subscriptions()
    # The admin ticks them in SmartRecruiters and tries the same credential again.
    account.grant(credential, "all")
    admin.tries_again()
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")


def test_an_optional_scope_may_be_left_out(admin, account, site, work):
    account.fault("denied", "/configuration/company")
    admin.connect(account.credential(without=("candidates_create", "company_read")), work)
    page = admin.text("/check")
    assert "Access scope candidates_create Missing, or the credential's" in page
    assert "You can also do without it." in page
    assert "SmartRecruiters does not let us see the company's name." in page


def test_a_role_too_weak_for_webhooks_is_said(admin, account, site, work):
    credential = account.credential(role="Standard")
    admin.consent()
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert "That did not work yet" in admin.text("/check")
    assert "system role" in " ".join(admin.link().failure.split())


@pytest.mark.parametrize(
    ("client_id", "client_secret", "sentence"),
    [
        ("", "secret", "Paste the Client ID."),
        ("id", "  ", "Paste the Client Secret."),
        ("DCRA1-0123456789abcdef", "secret", "This is an API key, not a Client ID."),
        ("the-id", "the-id", "This is the Client ID again."),
        ("an id", "secret", "it has a blank or a sign that does not belong"),
        ("id", "sécret", "it has a blank or a sign that does not belong"),
        ("i" * 301, "secret", "Field cannot be longer than 300 characters."),
    ],
)
def test_half_right_forms_are_explained(admin, client_id, client_secret, sentence):
    admin.consent()
    answer = admin.enter(client_id, client_secret)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert admin.connection() is None


def test_a_new_credential_is_tried_before_the_old_one_goes(admin, account, site, work):
    first = account.credential()
    admin.connect(first, work)
    before = admin.connection()
    admin.gets_new_link()
    admin.enter(first.client_id, "wrong")
    work()
    after = admin.connection()
    assert after.state is ConnectionState.ACTIVE
    assert (after.client_id, after.subscription_id) == (first.client_id, before.subscription_id)

    second = account.credential()
    admin.enter(second.client_id, second.client_secret)
    work()
    now = admin.connection()
    assert (now.id, now.key) == (before.id, before.key)
    assert now.client_id == second.client_id
    assert now.encrypted_pending_secret is None
    [subscription] = account.subscriptions()
    assert subscription["id"] == now.subscription_id


def test_another_companys_credential_is_refused(admin, account, box, site, work):
    admin.connect(account.credential(), work)
    stranger = Account(box, "Somebody Else").credential()
    admin.gets_new_link()
    admin.enter(stranger.client_id, stranger.client_secret)
    work()
    assert "These credentials belong to Somebody Else, but Northwind Ltd" in admin.text("/check")
    assert admin.connection().company_name == "Northwind Ltd"


def test_a_second_form_supersedes_the_first(admin, account, site, work):
    """Both are queued before a worker comes; only the latter counts."""
    credential = account.credential()
    admin.consent()
    admin.enter(credential.client_id, "wrong")
    admin.enter(credential.client_id, credential.client_secret)
    work()
    assert "SmartRecruiters is connected." in admin.text("/check")
    assert len(work.rows("connect")) == 1
