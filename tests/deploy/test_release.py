"""Versions, the changelog, the bill of materials and the list of licences."""

import json
import os
import re
import shutil
import subprocess
from datetime import date

import pytest

from eqsr.core.version import VERSION
from tests.services.processes import ROOT
from tools import licences
from tools.release import NAMED, UNRELEASED, Refused, release

pytestmark = pytest.mark.one_database

TODAY = date(2027, 3, 1)


@pytest.fixture
def checkout(tmp_path):
    for name in ("CHANGELOG.md", *(name for name, _pattern in NAMED)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    log = ["# Changelog", UNRELEASED, "### Added", "- A thing.", "## 0.9.0 - 2026-12-01", "- Old."]
    (tmp_path / "CHANGELOG.md").write_text("\n\n".join(map(str.strip, log)) + "\n")
    return tmp_path


def test_a_release_moves_what_is_unreleased_and_names_the_version_everywhere(checkout):
    release(checkout, "12.3.4", TODAY)
    log = (checkout / "CHANGELOG.md").read_text()
    assert "## Unreleased\n\n## 12.3.4 - 2027-03-01\n\n### Added\n\n- A thing.\n\n## 0.9.0" in log
    for name, pattern in NAMED:
        found = re.findall(pattern, (checkout / name).read_text(), re.MULTILINE)
        assert found == ["12.3.4"], name
    with pytest.raises(Refused, match="nothing unreleased"):
        release(checkout, "12.3.5", TODAY)


@pytest.mark.parametrize(
    ("version", "why"),
    [("", "Say which"), ("1.2", "Say which"), ("v1.2.3", "Say which"), ("0.0.1", "already")],
)
def test_a_release_that_can_not_be_made_changes_nothing(checkout, version, why):
    before = {path: path.read_text() for path in checkout.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match=why):
        release(checkout, version, TODAY)
    assert {path: path.read_text() for path in before} == before


def test_every_place_names_the_same_version():
    for name, pattern in NAMED:
        assert re.findall(pattern, (ROOT / name).read_text(), re.MULTILINE) == [VERSION], name


def test_the_list_of_licences_is_that_of_what_is_pinned():
    assert licences.LISTED.read_text() == licences.document(), "run: make licences"
    assert len(list(licences.pinned())) > 40


def test_a_package_without_a_licence_is_not_listed_silently(monkeypatch):
    class Nothing(dict):
        def get_all(self, _name):
            return None

    monkeypatch.setattr(licences, "metadata", lambda _name: Nothing())
    with pytest.raises(LookupError, match="names no licence"):
        licences.licence("flask")


@pytest.mark.slow
@pytest.mark.skipif(
    not (ROOT / ".venv-sbom").exists() and os.environ.get("REQUIRE_SBOM") != "1",
    reason="make sbom was not run here, and REQUIRE_SBOM is not set",
)
def test_the_bill_of_materials_holds_every_pinned_package_with_its_hashes(tmp_path):
    for name in ("one", "two"):
        made = subprocess.run(
            ["tools/sbom", tmp_path / name], cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert made.returncode == 0, made.stderr
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    bill = json.loads((tmp_path / "one").read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found = {(one["name"], one["version"]) for one in bill["components"]}
    assert found == set(licences.pinned())
    assert all(one["externalReferences"][0]["hashes"] for one in bill["components"])
