"""No sentence stands in a template or is put together in code where no translator finds it."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt", ".svg")
)
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
SAID = ("title", "alt", "aria-label", "placeholder", "label", "summary")
WORD = re.compile(r"[A-Za-z]{2,}")
# A person's, a job's and a stage's name in our own pictures; how an address begins.
NAMES = {"Ada Jansen", "Java Developer", "REF914A", "In review: Assessment", "https://"}


def unmarked_in(template: str) -> list[str]:
    """What the template itself says, outside of ``{{ _(…) }}``."""
    tree = JINJA.parse(template)
    parts = [
        part.data if isinstance(part, nodes.TemplateData) else "\0"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    ]
    page = re.sub(
        r'(?s)<(\w+)[^>]* lang="en"[^>]*>[^<]*</\1>|<!--.*?-->|<style.*?</style>',
        " ",
        "".join(parts),
    )
    texts = re.findall(rf'\b(?:{"|".join(SAID)})="([^"\0]*)"', page)
    # An attribute may be begun in one part of the template and ended in another.
    texts += re.split(r"<[^<>]*>|\0", re.sub(r'[\w-]+="[^"<>]*"', " ", page))
    return [text.strip() for text in map(unescape, texts) if WORD.search(text)]


def sentences_in(template: str) -> list[str]:
    """Texts of two words and more that are given to macros without ``_``."""
    tree = JINJA.parse(template)
    found: list[str] = []

    def look(node: nodes.Node) -> None:
        called = getattr(node.node, "name", "") if isinstance(node, nodes.Call) else ""
        if called in ("_", "gettext", "ngettext"):
            return
        text = node.value if isinstance(node, nodes.Const) else ""
        if isinstance(text, str) and re.match(r"[A-Z][a-z]+ [a-z]+", text):
            found.append(text)
        for child in node.iter_child_nodes():
            look(child)

    look(tree)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates(path):
    text = path.read_text()
    said = [one for one in unmarked_in(text) if one not in NAMES]
    if path.name == "feedback.html":
        # The words of badges; _badge_words gathers them.
        assert set(sentences_in(text)) <= set(re.findall(r'_\("([^"]+)"\)', text))
    else:
        said += sentences_in(text)
    assert said == []


def test_what_is_not_marked_is_seen():
    seen = unmarked_in('<p title="Now {{ x }}">{{ _("Hello") }} you</p><i alt="Two words">1</i>')
    assert seen == ["Two words", "you"]
    assert sentences_in('{{ button("Send it") }}{{ button(_("Send it")) }}') == ["Send it"]


# Modules that speak to operators and developers, in English.
OPERATORS = (
    "command_errors.py",
    "customer_commands.py",
    "installation_commands.py",
    "work_commands.py",
    "restore.py",
    "backup.py",
    "backup_reading.py",
    "backup_commands.py",
    "restore_pause.py",
    "doctor.py",
    "connection_findings.py",
    "server_findings.py",
    "settings.py",
    "address_checks.py",
    "settings_checks.py",
    "embedded_redis.py",
    "redis_server.py",
    "redis_keeper.py",
    "logs.py",
)

# Scopes' sentences are kept beside an outcome, by which scope_sentences.scope_sentence says them;
# the note of a check is refused; a post that no page of ours sends is refused for the log.
NOT_READ = {
    "eqsr/smartrecruiters/messages.py",
    "eqsr/smartrecruiters/scope_checks.py",
    "eqsr/connections/scope_sentences.py",
    "eqsr/instruments/tasks/validating.py",
}


def put_together_in(code: str) -> list[str]:
    """Sentences for people, by their look, that are put together with values in an f-string."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            fixed = " ".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.search(r"[A-Z][a-z]+ .*[a-z]{2,} .*[.:]", fixed):
                found.append(fixed)
    return found


def test_code():
    assert put_together_in('f"These belong to {name}, not to you."')
    found = {
        path.relative_to(ROOT).as_posix(): sentences
        for path in (ROOT / "eqsr").rglob("*.py")
        if path.name not in OPERATORS and (sentences := put_together_in(path.read_text()))
    }
    assert set(found) <= NOT_READ, found
