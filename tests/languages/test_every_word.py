"""Nobody reads a word that no translator can have seen: every page and mail, in a language whose
catalogue marks whatever it says."""

import pytest
from sqlalchemy import update

from eqsr.accounts.models import Organisation, User
from eqsr.db import transaction
from eqsr.extensions import babel
from tests.languages import pseudo, scenes
from tests.languages.walker import listen

KNOWN = (
    "Equalture", "SmartRecruiters", "Northwind", "Acme Foods", "Contoso Bank", "Other Foods", "Settings / Admin, Apps & Integrations, Credentials", "no-address", "français",
    "Alice", "Bob", "Charlie", "Dora", "Sam", "Nadia",
    "Ada", "Ben", "Cas", "Eva", "Ida", "Ina", "Lea", "Udo", "Uli", "Gea", "Hil", "Priya", "Nr", "Jansen", "Bakker", "Natarajan",
    "Developers", "Bakers", "Planner", "Bricklayer", "Warehouse lead", "Java Developer", "Baker", "REF914A", "REF77", "Amsterdam",
    "Puzzle House", "Planning", "Level of English", "1,204 applicants in logistics, 2025", "Plans ahead. Ask for an example.", "B2",
    "Rejected", "assess.puzzle.example", "Plans ahead.", "Ask for an example.", "Nederlands", "Deutsch", "English", "Français",
    "Lead", "New", "In review", "Interview", "Offered", "Hired", "Phone screen", "Assessment", "On-site", "Offer sent",
    "Nächster Schritt", "Hallo", "Ohne", "Mit", "Gruß", "Feueralarm", "Gut", scenes.REASON,
)  # fmt: skip


@pytest.fixture
def reader(app, world, tmp_path, monkeypatch):
    monkeypatch.setitem(vars(babel), "domain_instance", pseudo.catalogue(tmp_path))
    with app.app_context(), transaction() as session:
        session.execute(update(User).values(language=pseudo.LANGUAGE))
        session.execute(update(Organisation).values(language=pseudo.LANGUAGE))
    return pseudo.Reader(KNOWN)


def test_every_page(app, reader, story):
    import time
    t = time.time()
    seen = listen(app, reader)
    world, box, work = story.world, story.box, story.work
    for name, call in {
        "visiting": lambda: scenes.visiting(world, box, work),
        "staff": lambda: scenes.staff(world, box, work),
        "onboarding": lambda: scenes.onboarding(world, box, work),
        "choosing": lambda: scenes.choosing(story),
        "inviting": lambda: scenes.inviting(story),
        "taking": lambda: scenes.taking(story),
        "calling": lambda: scenes.calling_off(story),
        "playing": lambda: scenes.playing(world),
        "coming": lambda: scenes.coming_by_link(world, work),
        "sharing": lambda: scenes.sharing(story),
        "administering": lambda: scenes.administering(story),
        "breaking": lambda: scenes.breaking(story),
    }.items():
        try:
            call()
        except Exception as e:
            import traceback; traceback.print_exc(limit=-4)
        print(name, time.time() - t)
    for mail in box.get("mails"):
        reader.reads("mail " + mail["subject"], mail["subject"])
        reader.reads("mail " + mail["subject"], mail["text"])
        reader.reads_page("mail " + mail["subject"], mail["html"])
    for piece, where in reader.findings.items():
        print(where, "|", piece)
    rules = {r.endpoint for r in app.url_map.iter_rules() if "GET" in r.methods}
    print("UNSEEN", sorted(rules - seen))
    loaded = {key[1] for key in app.jinja_env.cache.keys()}
    print("UNLOADED", sorted(set(app.jinja_env.list_templates()) - loaded))
    print(time.time() - t)
    assert not reader.findings
