"""The documents list exactly the existing settings, commands, routes and rooms."""

import re
from pathlib import Path

import pytest

from eqsr.outbox import claims, due_rows, fair_dispatch
from eqsr.reconciling import service as reconciling
from eqsr.web import bodies, body_reading
from serving import arrival, patience
from tests.architecture.environment import settings_read
from tests.architecture.layout import MODULES, dotted, room_of

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def section(text: str, heading: str) -> str:
    """Return the text under a heading, up to the next heading of the same level."""
    level = heading.split(" ")[0]
    after = text.split(f"\n{heading}\n", 1)
    assert len(after) == 2, f"there is no heading {heading!r}"
    return re.split(rf"\n#{{1,{len(level)}}} ", after[1])[0]


def first_cells(text: str) -> list[str]:
    """Return the code words in the first column of a table."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_environment_variable_is_in_the_readme():
    assert "SECRET_KEY" in settings_read()
    assert sorted(first_cells(section(README, "## Settings"))) == sorted(settings_read())


def test_settings_are_read_in_one_place():
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "eqsr").rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    }
    assert readers == {"eqsr/__init__.py"}


def test_every_command_is_in_the_readme(app):
    commands = set()
    for name, command in app.cli.commands.items():
        if name not in ("db", "fab", "run", "shell", "routes"):
            parts = getattr(command, "commands", {"": None})
            commands |= {f"{name} {part}".strip() for part in parts}
    written = {
        " ".join(word for word in row.split() if re.fullmatch("[a-z]+", word))
        for row in first_cells(section(README, "## Commands"))
    }
    assert commands
    assert written == commands


def test_every_target_of_make_that_the_documents_name_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md"))]
    named = {
        target
        for document in documents
        for target in re.findall(r"(?:`|^    |^)make ([a-z-]+)", document.read_text(), re.MULTILINE)
    }
    assert "demo" in named
    assert named <= targets


def test_every_route_is_in_the_list_of_routes(app):
    routes = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST"}
        if rule.endpoint != "static"
    }
    text = (ROOT / "docs/http.md").read_text()
    rows = re.findall(r"^\| `(GET|POST)` \| `([^`]+)`", text, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert sorted(rows) == sorted(routes)


def test_every_room_is_in_the_plan_of_the_house():
    rooms = {room_of(dotted(path)) for path in MODULES} - {"eqsr", "extras", "screens"}
    text = (ROOT / "docs/house.md").read_text()
    assert sorted(first_cells(section(text, "## Rooms"))) == sorted(rooms)


def test_the_figures_of_the_loss_free_chapter_are_those_of_the_code():
    text = " ".join((ROOT / "docs/loss-free.md").read_text().split())
    for figure in (
        f"a lease of {claims.LEASE.total_seconds():.0f} seconds",
        f"is repeated after {fair_dispatch.DISPATCH_AGAIN.total_seconds():.0f} seconds",
        f"At most {due_rows.MAX_IN_FLIGHT} rows",
        f"Every {reconciling.INTERVAL.total_seconds() / 60:.0f} minutes per connection",
    ):
        assert figure in text


def test_links_between_documents_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), (document.name, target)


def test_the_sample_proxies_mask_every_address_with_a_token(app):
    samples = [ROOT / "deploy/proxy" / name for name in ("nginx.conf", "Caddyfile")]
    masks = [
        re.compile(found.replace("(?<", "(?P<"))
        for sample in samples
        for found in re.findall(r'"~?(\^[^"]*?\[\^/\?\]\+)', sample.read_text())
    ]
    assert len(masks) == 2
    secret = [rule.rule for rule in app.url_map.iter_rules() if rule.arguments & {"token", "key"}]
    assert len(secret) > 20
    for rule in secret:
        masked = [mask.sub("", rule) for mask in masks]
        assert not any("<token>" in one or "<key>" in one for one in masked), rule


def test_the_limits_in_the_documents_are_those_of_the_code():
    text = " ".join((ROOT / "docs/operations.md").read_text().split())
    for figure in (
        f"{patience.HEAD_SECONDS:.0f} seconds, {arrival.LARGEST_HEAD // 1024} kB",
        f"| {bodies.LARGEST_FORM // 1024} kB |",
        f"| {arrival.LARGEST_BODY >> 20} MB |",
        f"{patience.BODY_SECONDS:.0f} seconds, and one more for each "
        f"{patience.BYTES_PER_SECOND // 1024} kB",
        f"at most {body_reading.MAX_WAITING} threads",
    ):
        assert figure in text, figure
