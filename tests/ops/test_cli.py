"""The commands, as an operator calls them: a process, its output and its exit code."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from eqsr.core.columns import new_id
from eqsr.core.db import db
from eqsr.outbox import runner, service
from eqsr.outbox.handlers import PermanentFailure, handles
from eqsr.outbox.models import Work
from tests.conftest import environment
from tests.outbox.kinds import OwnKind
from tests.services.processes import ROOT
from tools.ports import free_port


@pytest.fixture
def flask(tmp_path, make_database, redis, sandbox_process):
    database = make_database()
    given = environment(tmp_path, database, redis.url, sandbox_process, free_port())

    def run(*arguments, stdin="", **changes) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | given | changes,
            timeout=300,
        )

    return run


def test_a_customer_is_set_up_by_command(flask):
    made = flask("organisation", "create", "Acme Foods")
    assert (made.stdout, made.returncode) == ("acme-foods\n", 0)
    admin = ("user", "create", "ann@acme.example", "--organisation", "acme-foods")
    given = flask(*admin, "--role", "admin", "--password-stdin", stdin="a long password\n")
    assert (given.stdout, given.returncode) == ("", 0)
    assert "ann@acme.example" in given.stderr
    again = flask(*admin, "--role", "admin")
    assert (again.stdout, again.returncode) == ("", 1)
    assert "exists already" in again.stderr
    made_up = flask(
        "user", "create", "rob@acme.example", "--organisation", "acme-foods", "--role", "reviewer"
    )
    assert len(made_up.stdout.strip()) >= 16
    link = flask("onboarding", "link", "acme-foods", "--email", "it@acme.example")
    [url] = link.stdout.splitlines()
    assert url.startswith("http://127.0.0.1:")
    assert "/onboarding/" in url


@handles(OwnKind.HOPELESS)
def hopeless(_subject_id):
    raise PermanentFailure("no use")


@pytest.mark.one_database
def test_what_was_given_up_is_listed_and_tried_again(flask, own_app):
    with own_app.app_context():
        for _ in range(3):
            service.enqueue(OwnKind.HOPELESS, new_id())
        ids = [row.id for row in db.session.scalars(select(Work))]
        for one in ids:
            runner.perform(str(one))
        db.session.remove()
    listed = flask("work", "dead").stdout.splitlines()
    assert {line.split()[0] for line in listed} == set(map(str, ids))
    assert listed[0].endswith("hopeless - no use")
    assert flask("work", "retry", str(ids[0])).stdout == "1\n"
    again = flask("work", "retry", str(ids[0]))
    assert (again.returncode, again.stdout) == (1, "")
    assert "This was not given up" in again.stderr
    assert flask("work", "retry").stdout == "2\n"
    assert flask("work", "dead").stdout == ""


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("organisation", "create", " "), 1, "Give the organisation a name."),
        (("onboarding", "link", "nobody", "--email", "a@b.example"), 1, "no organisation"),
        (
            ("user", "create", "a@b.example", "--organisation", "x", "--role", "king"),
            2,
            "Invalid value",
        ),
    ],
)
def test_mistakes_are_said_in_one_sentence(flask, arguments, code, said):
    done = flask(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_finds_nothing_and_then_what_is_ill(flask, tmp_path):
    well = flask("doctor")
    assert well.returncode == 0, well.stdout
    assert all(line.startswith("ok ") for line in well.stdout.splitlines())
    ill = flask("doctor", MAIL_URL="smtp://127.0.0.1:9", REDIS_URL="redis://127.0.0.1:9")
    assert ill.returncode == 1
    problems = [line for line in ill.stdout.splitlines() if line.startswith("problem")]
    assert [line.split()[1] for line in problems] == ["Redis:", "mail"]
    bare = flask("doctor", DATABASE_URL=f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    assert bare.returncode == 1
    assert "flask --app app db upgrade" in bare.stdout
