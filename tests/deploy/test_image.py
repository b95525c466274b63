"""deploy/Dockerfile: its rules, and its commands run in what it would put into the image."""

import json
import re

import pytest

from tests.deploy.installation import DEPLOY, copied, dockerfile
from tests.services.processes import ROOT, eventually, running

pytestmark = pytest.mark.one_database


def values(name: str) -> list[str]:
    return [one.rest for one in dockerfile() if one.name == name]


def test_it_is_built_in_stages_and_runs_as_nobody_special():
    assert len(values("FROM")) == 2, "what builds is not in the image"
    assert re.fullmatch(r"PYTHON=3\.\d+-slim-[a-z]+", values("ARG")[0]), "a tag, not latest"
    (user,) = values("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "a number, which Kubernetes can check"
    last = [one.name for one in dockerfile()]
    assert last.index("USER") > max(n for n, name in enumerate(last) if name in ("RUN", "COPY"))
    assert not values("ADD")


def test_packages_are_those_of_requirements_txt_by_hash():
    (pip,) = [one for one in values("RUN") if "pip install" in one]
    for option in ("--require-hashes", "--only-binary=:all:", "--no-cache-dir", "requirements.txt"):
        assert option in pip
    assert not [one for one in values("RUN") if re.search(r"apt|curl|wget|sudo|git\b", one)]


def test_no_secret_is_in_it():
    assert not re.search(r"(?i)(key|password|secret|token)\s*=", "\n".join(values("ENV")))
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*", "nothing is sent to the builder that is not named"
    assert sorted(line[1:] for line in ignored if line.startswith("!")) == sorted(copied())


def test_what_it_copies_is_there_and_is_the_whole_product():
    assert all((ROOT / name).exists() for name in copied())
    assert {"app.py", "worker.py", "gunicorn.conf.py", "eqsr", "serving"} <= set(copied())


def test_its_commands_run_and_write_nothing_beside_the_data(installed, tmp_path):
    def exec_form(name: str) -> list[str]:
        (text,) = values(name)
        return json.loads(text[text.index("[") :])

    health = exec_form("HEALTHCHECK")
    before = installed.listing()
    assert installed.run(health).returncode == 1
    migrated = installed.run(["flask", "--app", "app", "db", "upgrade"])
    assert migrated.returncode == 0, migrated.stderr
    web = installed.command(exec_form("CMD"))
    with running(web, tmp_path / "web.log", installed.environment, installed.folder) as one:
        one.wait_for_url(f"http://127.0.0.1:{installed.port}/readyz")
        checked = installed.run(health)
        assert checked.returncode == 0, checked.stderr
        assert one.terminate(40) == 0, "STOPSIGNAL ends it in good order"
    worker = installed.command(["python", "worker.py"])
    log = tmp_path / "worker.log"
    with running(worker, log, installed.environment, installed.folder) as one:
        assert eventually(lambda: "the worker is ready" in one.output), one.output
        assert one.terminate(35) == 0
    assert installed.listing() == before, "the file system may be read-only"


def test_the_readme_of_the_file_names_this_version():
    from eqsr.core.version import VERSION

    assert f"--tag eqsr:{VERSION} " in (DEPLOY / "Dockerfile").read_text()
