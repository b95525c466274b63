"""Another SECRET_KEY: what the earlier one signed goes on, until it is dropped."""

import dataclasses
import uuid

import pytest
from sqlalchemy import select

from eqsr import create_app
from eqsr.accounts import known_devices
from eqsr.candidates.models import Candidate
from eqsr.core.db import db, transaction
from eqsr.core.emailed_links import LinkPurpose, read_signed, signed_link
from eqsr.extras.fairness import pseudonyms, self_identification
from eqsr.extras.fairness.models import SelfIdentification
from tests.architecture.layout import where
from tests.customer import connected
from tests.world import csrf

NEW = "another key, made when the first one was a year old"


@pytest.fixture
def rotated(app, settings):
    """The same installation with the new key, which still takes the old one."""
    earlier = (settings.secret_key,)
    yield from _with(settings, secret_key=NEW, secret_key_fallbacks=earlier)


@pytest.fixture
def without(app, settings):
    """The same installation with nothing but the new key."""
    yield from _with(settings, secret_key=NEW)


def _with(settings, **changes):
    application = create_app(dataclasses.replace(settings, **changes))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def _moved(browser, application):
    """The same browser, at the installation after its restart."""
    new = application.test_client()
    for name in ("session", "device"):
        new.set_cookie(name, browser.get_cookie(name).value)
    return new


def test_sessions_and_open_forms_go_on(world, rotated, without):
    browser = world.log_in_by_page(world.alice)
    token = csrf(browser, "/profile")
    after = _moved(browser, rotated)
    form = {"name": "Alice Berg", "language": "", "time_zone": "", "csrf_token": token}
    assert after.post("/profile", data=form).status_code == 303
    assert _moved(browser, without).get("/jobs").status_code == 302


def test_what_is_signed_anew_has_the_new_key(world, rotated, without):
    browser = world.log_in_by_page(world.alice)
    after = _moved(browser, rotated)
    token = csrf(after, "/profile")
    form = {"name": "Alice", "language": "", "time_zone": "", "csrf_token": token}
    last = _moved(after, without)
    assert last.post("/profile", data=form).status_code == 303


def test_links_go_on_and_new_ones_have_the_new_key(app, rotated, without):
    subject = uuid.uuid4()
    with app.app_context():
        old = signed_link(LinkPurpose.ASSESSMENT, subject, 3).rpartition("/")[2]
    with rotated.app_context():
        assert read_signed(LinkPurpose.ASSESSMENT, old) == (subject, 3)
        new = signed_link(LinkPurpose.ASSESSMENT, subject, 3).rpartition("/")[2]
    with without.app_context():
        assert read_signed(LinkPurpose.ASSESSMENT, old) is None
        assert read_signed(LinkPurpose.ASSESSMENT, new) == (subject, 3)


def test_known_browsers_stay_known(app, rotated, without):
    with app.app_context():
        old = known_devices.remember("", "bob@northwind.example")
    with rotated.app_context():
        assert known_devices.read(old).knows("bob@northwind.example")
        new = known_devices.remember(old, "bob@northwind.example")
    with without.app_context():
        assert known_devices.read(old) is None
        assert known_devices.read(new).knows("bob@northwind.example")


def test_what_candidates_said_is_found_renewed_and_forgotten(app, world, box, rotated, without):
    connected(app, box, world.northwind, "Northwind Ltd")
    with app.app_context(), transaction() as session:
        ada = Candidate(organisation_id=world.northwind, ats_id="ada", first_name="Ada")
        ben = Candidate(organisation_id=world.northwind, ats_id="ben", first_name="Ben")
        session.add_all([ada, ben])
        session.flush()
        for one in (ada, ben):
            session.add(
                SelfIdentification(
                    person=pseudonyms.person_hash(one.id),
                    organisation=pseudonyms.organisation_hash(world.northwind),
                    sex="female",
                )
            )
        ada_id, ben_id = ada.id, ben.id
    with rotated.app_context():
        said = self_identification.answers_of(world.northwind)
        assert said.get(ada_id) == ("female", None)
        self_identification.forget(ben_id)
    done = rotated.test_cli_runner().invoke(args=["keys", "renew"])
    assert done.exit_code == 0
    with without.app_context():
        said = self_identification.answers_of(world.northwind)
        assert (said.answers, said.get(ada_id)) == (1, ("female", None))
        [row] = db.session.scalars(select(SelfIdentification))
        assert row.person == pseudonyms.person_hash(ada_id)


def test_whoever_reads_the_key_reads_the_earlier_ones_too():
    """Signing takes the current key. Whatever checks a signature has to take all of them."""
    uses = where(lambda path: "settings.secret_key" in path.read_text().replace("secret_keys", ""))
    assert set(uses) == {"__init__.py", "core/emailed_links.py", "ops/backup.py"}
