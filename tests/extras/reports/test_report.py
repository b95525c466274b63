"""The report, read back from the PDF."""

import io
import logging
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from eqsr.activity.models import AuditEntry
from eqsr.core.db import db
from eqsr.extras.reports.elements import Bullets, FactList, Heading, Notice, Text
from eqsr.extras.reports.letters import MISSING, printable
from eqsr.extras.reports.paper import paper
from eqsr.instruments import catalogue
from eqsr.invitations import links
from tests.extras.reports.pdf_text import read
from tests.extras.target_ranges.range_form import marks
from tests.page_text import text_of
from tests.screens.profile.several import CARELESS, answers, completes, make_job
from tests.world import World

pytestmark = pytest.mark.one_database

MADE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def job_id(world):
    return make_job(world)


def download(world, invitation, who=World.bob):
    address = f"/candidates/{invitation.application.candidate_id}/report.pdf"
    return world.log_in(who).get(address)


def on_paper(*elements) -> PdfReader:
    pdf = paper(elements, title="Title", footer="Footer", language="nl", made=MADE)
    return PdfReader(io.BytesIO(pdf))


def test_it_says_what_the_page_says(app, world, job_id):
    zoe = completes(world, job_id, "Zoë Quïst-Øster", answers(extraversion=5))
    marks(world, job_id, extraversion=(4, 6, "Half the day alone"))
    answer = download(world, zoe)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Cache-Control"] == "no-store"
    text = read(answer.data)
    for said in (
        "Zoë Quïst-Øster",
        "Organisation Northwind",
        "One talking point, never the decision",
        "Planner",
        "Extraversion: The band lies above the sought range (stens 4 to 6). Reason: Half the day",
        "10 of 10",
        "higher than about 99 in 100 of the comparison group",
        "how far chance, and a good or bad day, may have moved the dot",
        "Ask in the interview",
        "Reserved",
        "Outgoing",
        "What it does not tell",
        "People who took the same items online, 2016-2018",
        "603,322",
        "The comparison group is made of volunteers on the web",
        "Made on",
    ):
        assert said in text, said
    assert "Am the life of the party" not in text


def test_parts_of_scales_stand_on_every_page_with_their_margin(app, world, job_id):
    """On the profile, in the file, and for the candidate: described, and not compared."""
    long_form = catalogue.instrument("work-style-long")
    given = answers(long_form, friendliness=5)
    zoe = completes(world, job_id, "Zoe Quist", given, long_form)
    with app.app_context():
        own = links.take_url(zoe).removeprefix(app.extensions["eqsr.settings"].public_url)
    profile = world.log_in(World.bob).get(f"/candidates/{zoe.application.candidate_id}")
    said = r"Friendliness 5\.0 \(4\.\d to 5\.0\) from “Keeps a distance” to “Makes contact”"
    for text in (
        text_of(profile),
        text_of(app.test_client().get(f"{own}/results")),
        read(download(world, zoe).data),
    ):
        assert "Parts of the scales" in text and "too unsure to compare people by" in text
        assert re.search(said, text)


def test_careless_answers_have_no_scores_in_it(world, job_id):
    text = read(download(world, completes(world, job_id, "Cal Loos", CARELESS)).data)
    assert "Not interpretable" in text and "it is not a low score" in text
    assert "kept for the record. They are not compared with anybody." in text
    assert "Ask in the interview" not in text
    assert "of the comparison group" not in text


def test_strangers_meet_a_404_and_each_download_is_accounted_for(app, world, job_id):
    zoe = completes(world, job_id, "Zoe Quist", answers())
    assert download(world, zoe, World.charlie).status_code == 404
    assert download(world, zoe, World.sam).status_code == 404
    download(world, zoe)
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "report_downloaded")
        (entry,) = db.session.scalars(query).all()
        assert entry.subject_id == zoe.application.candidate_id and entry.user_id


def test_hostile_names_are_text_and_name_the_file(world, job_id):
    zoe = completes(world, job_id, 'Zoe\r\nX-Evil: "1"/../é', answers())
    answer = download(world, zoe)
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]


def test_letters_that_no_font_has_are_boxes_and_no_error(world, job_id):
    text = read(download(world, completes(world, job_id, "王 \U00020000明", answers())).data)
    assert "The name has letters that this document can't print." in text
    assert printable("aé\t\U00020000\n") == f"aé {MISSING}"


def test_it_is_tagged_and_has_a_title_a_language_and_an_outline():
    reader = on_paper(
        Heading(1, "Ada"), Heading(2, "Job"), Text("Words."), Notice("Mind", "this"), Bullets(["a"])
    )
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert reader.metadata.title == "Title"
    assert root["/MarkInfo"]["/Marked"]
    elements = root["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    kinds = [one.get_object()["/S"] for one in elements]
    assert kinds == ["/H1", "/H2", "/P", "/P", "/P", "/LI"]
    assert [one.title for one in reader.outline] == ["Job"]


def test_every_page_has_its_foot_and_nothing_runs_into_it():
    reader = on_paper(
        Heading(1, "Ada"),
        *[Text(f"Paragraph {number}. " + "Many words in a row. " * 40) for number in range(30)],
        FactList([("Term", "value " * 400)]),
        Bullets(["item " * 300] * 3),
    )
    assert len(reader.pages) > 4
    for number, page in enumerate(reader.pages, start=1):
        heights: list[tuple[float, str]] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, found=heights: found.append(
                (tm[5] * cm[3] + cm[5], text.strip())
            )
        )
        low = [text for height, text in heights if text and height < 58]
        assert low == ["Footer", str(number)]


def test_each_bar_is_described_for_those_who_do_not_see_it(world, job_id):
    zoe = completes(world, job_id, "Zoe Quist", answers(extraversion=5))
    reader = PdfReader(io.BytesIO(download(world, zoe).data))
    tree = reader.trailer["/Root"]["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    described = [one.get_object().get("/Alt") for one in tree]
    assert any(one and one.startswith("Extraversion: Sten 10 of 10") for one in described)
    assert sum(one is not None for one in described) == 5


def test_cutting_fonts_down_is_not_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        on_paper(Text("Words"))
    assert not [record for record in caplog.records if record.name.startswith("fontTools")]
