"""The whole story, from the onboarding link to *View details*, with both kinds of answers."""

import pytest
import requests

from tests.openapi.checking import Traffic
from tools.demo import running_demo
from tools.tour import walk


@pytest.mark.slow
@pytest.mark.parametrize("answers", ["documented", "assumed"])
def test_the_whole_tour(tmp_path, answers):
    record = tmp_path / "traffic"
    with running_demo(customer=False, record=record) as demo:
        address = f"{demo.sandbox_url}/sandbox/api/settings"
        requests.post(address, json={"answers": answers}, timeout=10).raise_for_status()
        assert walk(demo)
        traffic = Traffic(record)
        asked = {(one["method"], one["path"]) for one in traffic.exchanges()}
        assert ("POST", "/messages/shares") in asked
        assert len(asked) > 15
        Traffic(record).check()
