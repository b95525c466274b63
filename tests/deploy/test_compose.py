"""deploy/compose.yaml and eqsr.env.example: hardened, private, and only settings that exist."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes without types

from eqsr.core.settings import SettingsProblem, from_environment
from eqsr.core.version import VERSION
from tests.architecture.environment import settings_read
from tests.deploy.installation import DEPLOY

pytestmark = pytest.mark.one_database

OURS = ("migrate", "web", "worker")
# Read by the compose file alone.
OF_COMPOSE = {"EQSR_HOST", "POSTGRES_PASSWORD", "EQSR_VERSION"}
TEXT = (DEPLOY / "compose.yaml").read_text()
EXAMPLE = (DEPLOY / "eqsr.env.example").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(TEXT)["services"]


def test_all_parts_are_there_and_ours_can_do_little(services):
    assert set(services) == {*OURS, "postgres", "redis", "proxy"}
    for name in OURS:
        one = services[name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["volumes"] == ["data:/data"]
    for name, one in services.items():
        assert "no-new-privileges:true" in one["security_opt"], name
        assert not {"privileged", "network_mode", "pid"} & set(one), name
        image = one["image"]
        assert ":" in image and not image.endswith(":latest"), name


def test_only_the_proxy_is_open_and_the_database_reaches_nobody(services):
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert yaml.safe_load(TEXT)["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert services[name]["networks"] == ["inside"]


def test_nothing_starts_before_the_tables_are_there(services):
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert services["worker"]["stop_grace_period"] == "35s"
    assert services["worker"]["command"] == ["python", "worker.py"]
    assert services["migrate"]["command"] == ["flask", "--app", "app", "db", "upgrade"]


def test_passwords_have_no_default():
    for name, default in re.findall(r"\$\{(\w+):?([-?]?)[^}]*\}", TEXT):
        assert name in OF_COMPOSE
        assert default == "?" or name == "EQSR_VERSION"
    assert f"${{EQSR_VERSION:-{VERSION}}}" in TEXT


def test_the_example_names_settings_that_exist_and_lacks_only_the_keys():
    given = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert set(given) - OF_COMPOSE <= settings_read()
    with pytest.raises(SettingsProblem) as problem:
        from_environment({name: value for name, value in given.items() if value})
    assert {line.split()[0] for line in str(problem.value).splitlines()} == {
        "SECRET_KEY",
        "ENCRYPTION_KEYS",
    }
