"""The catalogues say everything that the pages say, and are what is compiled."""

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from eqsr.instruments.naming import NORM_SENTENCES
from tests.languages.catalogues import ROOT, TRANSLATIONS, po

LANGUAGES = ("nl", "de", "fr")
# %(name)s of gettext, and {name} of the words that an organisation writes.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def catalogue(path: Path):
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3] if path.suffix == ".po" else None)


def as_tuple(words) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    left = [
        message.id
        for message in catalogue(po(language))
        if message.id and (message.fuzzy or not all(as_tuple(message.string)))
    ]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_kept(language):
    wrong = []
    for message in catalogue(po(language)):
        plural = as_tuple(message.id)[-1]
        for index, string in enumerate(as_tuple(message.string)):
            source = as_tuple(message.id)[0] if index == 0 else plural
            given, kept = set(PLACEHOLDER.findall(source)), set(PLACEHOLDER.findall(string))
            # "one day" may leave the number out, and may name it.
            if given != kept and not (index == 0 and kept == set(PLACEHOLDER.findall(plural))):
                wrong.append((message.id, string))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_compiled(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(po(language)))
    assert po(language).with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_every_sentence_is_gathered(tmp_path):
    """What tools/translations would gather now is what is there."""
    script = (ROOT / "tools" / "translations").read_text()
    extract = re.search(r"\$babel --quiet (extract .*?) --output \S+ \.\n", script, re.DOTALL)[1]
    words = extract.replace("\\\n", " ").split()
    output = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *words]
    subprocess.run([*command, "--output", str(output), "."], cwd=ROOT, check=True, timeout=120)
    stored = {as_tuple(message.id) for message in catalogue(TRANSLATIONS / "messages.pot")}
    assert {as_tuple(message.id) for message in catalogue(output)} == stored


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_is_gathered(language):
    gathered = {as_tuple(message.id) for message in catalogue(TRANSLATIONS / "messages.pot")}
    assert {as_tuple(message.id) for message in catalogue(po(language))} == gathered


def test_what_comparison_groups_say_is_gathered():
    for path in sorted((ROOT / "eqsr" / "instruments" / "definitions").glob("*/norms/*.json")):
        norm = json.loads(path.read_text())
        assert {norm["name"], norm["population"], *norm["caveats"]} <= set(NORM_SENTENCES), path
