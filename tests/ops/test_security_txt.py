"""Whoever finds a weakness reads whom to tell."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from eqsr.core.clock import now
from eqsr.core.settings import from_environment

PATH = "/.well-known/security.txt"


def test_it_names_the_support_until_there_is_a_contact_of_its_own(
    app, client, settings, monkeypatch
):
    answer = client.get(PATH)
    assert answer.mimetype == "text/plain"
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == "mailto:support@equalture.example"
    assert lines["Canonical"] == settings.public_url + PATH
    expires = datetime.strptime(lines["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=80) < expires - now() < timedelta(days=365)
    own = dataclasses.replace(settings, security_contact="https://example.org/security")
    monkeypatch.setitem(app.extensions, "eqsr.settings", own)
    assert "Contact: https://example.org/security\n" in client.get(PATH).text


def test_without_anybody_to_name_there_is_none(app, client, settings, monkeypatch):
    nobody = dataclasses.replace(settings, security_contact="")
    monkeypatch.setitem(app.extensions, "eqsr.settings", nobody)
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("environment", "contact"),
    [
        ({}, ""),
        ({"SUPPORT_URL": "help@example.org"}, "mailto:help@example.org"),
        ({"SECURITY_CONTACT": "cert@example.org", "SUPPORT_URL": "x@y.org"},
         "mailto:cert@example.org"),
    ],
)  # fmt: skip
def test_where_it_comes_from(tmp_path, environment, contact):
    settings = from_environment({"DATA_DIR": str(tmp_path), **environment})
    assert settings.security_contact == contact
