"""Nobody reads a word that no translator can have seen: every page, mail, report and note, in a
language whose catalogue marks whatever it says."""

import pytest
from sqlalchemy import update

from eqsr.accounts.models import Organisation, User
from eqsr.core.db import transaction
from eqsr.core.extensions import babel
from eqsr.extras.reports import paper
from tests.languages import pseudo
from tests.languages.scenes import candidates, mishaps, office, recruiting
from tests.languages.walker import listening

# Names: of people and places in the scenes, of what SmartRecruiters shows, of languages.
# fmt: off
KNOWN = (
    "Equalture", "SmartRecruiters", "Northwind", "Acme Foods", "Contoso Bank", "Other Foods",
    "Alice", "Bob", "Charlie", "Dora", "Sam", "Nadia", "Ada", "Ben", "Cas", "Eva", "Gea", "Hil",
    "Ida", "Ina", "Lea", "Udo", "Uli", "Nr", "Jansen", "Bakker", "no-address",
    "Developers", "Bakers", "Baker", "Planner", "Bricklayer", "Warehouse lead", "Java Developer",
    "REF914A", "REF77", "Amsterdam",
    "Puzzle House", "Second House", "assess.puzzle.example", "Planning", "Level of English", "B2",
    "Plans ahead.", "Ask for an example.", "1,204 applicants in logistics, 2025",
    "Settings / Admin, Apps & Integrations, Credentials", "Lead", "New", "In review", "Interview",
    "Offered", "Hired", "Rejected", "Phone screen", "Assessment", "On-site", "Offer sent",
    "Nederlands", "Deutsch", "English", "Français", "français",
    "Nächster Schritt", "Hallo", "Ohne", "Mit", "Gruß", "Feueralarm", "Gut", "zz",
    recruiting.REASON, "muted", "plain", "strong",
)
# Endpoints that programs read, and those that only lead elsewhere.
NO_PAGES = {
    "static", "health.healthz", "health.readyz", "health.metrics", "security_txt.contact",
    "elsewhere.invitation",
    "elsewhere.invitations", "organisations.logo", "organisations.stylesheet", "accounts.home",
    "questions.resume", "onboarding.link.reopened",
}
# fmt: on


@pytest.fixture
def reader(app, world, tmp_path, monkeypatch):
    """Reads whatever reports are printed, too. Everybody and every organisation speaks Dutch."""
    monkeypatch.setitem(vars(babel), "domain_instance", pseudo.catalogue(tmp_path))
    monkeypatch.delitem(app.extensions, "tests.trails", raising=False)
    with app.app_context(), transaction() as session:
        session.execute(update(User).values(language=pseudo.LANGUAGE))
        session.execute(update(Organisation).values(language=pseudo.LANGUAGE))
    made = pseudo.Reader(KNOWN)
    printing = paper.paper

    def printed(elements, **facts):
        made.reads_all("report", [elements, facts["title"], facts["footer"]])
        return printing(elements, **facts)

    monkeypatch.setattr(paper, "paper", printed)
    return made


def test_the_reader_sees_what_is_not_marked():
    reader = pseudo.Reader(("Ada",))
    reader.reads_page(
        "page",
        '<p title="Never seen">¡Hello ¿Ada¬, it is ¿a word¬ <b>of</b> yours¦ Ada</p><p>24 november'
        ' 2026</p><p lang="en">In English</p><p>24 November 2026</p><p data-said="Two words">1</p>',
    )
    assert set(reader.findings) == {"Never seen", "a word", "24 November 2026", "Two words"}


@pytest.mark.one_database
@pytest.mark.slow
def test_every_page_mail_report_and_note(app, reader, story):
    app.jinja_env.cache.clear()  # what other tests have loaded says nothing
    world, box, work = story.world, story.box, story.work
    with listening(app, reader) as seen:
        office.visiting(world, box, work)
        office.staff(world, box, work)
        office.onboarding(world, box, work)
        recruiting.choosing(story)
        ada = recruiting.inviting(story)
        candidates.taking(story)
        recruiting.calling_off(story)
        candidates.playing(world)
        candidates.again(world)
        candidates.leaving(world, work)
        candidates.coming_by_link(world, work)
        recruiting.sharing(story)
        office.administering(story)
        recruiting.two_profiles(story)
        recruiting.erasing(story)
        mishaps.breaking(story)
    for mail in box.get("mails"):
        reader.reads_all("mail", [mail["subject"], mail["text"]])
        reader.reads_page("mail", mail["html"])
    profile = story.profile(ada)
    assert profile["notes"] and profile["tags"]
    reader.reads_all("note", [[note["content"] for note in profile["notes"]], profile["tags"]])
    assert not reader.findings, "\n".join(f"{at}: {text}" for text, at in reader.findings.items())
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - seen == NO_PAGES
    loaded = {name for _loader, name in dict(app.jinja_env.cache.items())}
    assert set(app.jinja_env.list_templates()) - loaded == set()
