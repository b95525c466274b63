"""The product itself behind the sample nginx, at a public address."""

from dataclasses import replace

import pytest

from tests.deploy.installation import unit
from tests.deploy.sample_proxies import nginx
from tests.deploy.upstream import NAME, head
from tests.services.processes import running

pytestmark = [pytest.mark.one_database, pytest.mark.slow]

PUBLIC = {
    "PUBLIC_URL": f"https://{NAME}",
    "MAIL_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "Equalture <no-reply@assess.example.org>",
    "SUPPORT_URL": "support@assess.example.org",
}
TOKEN = "t0p-secret-token"


def test_pages_are_safe_and_no_log_holds_a_token(installed, tmp_path):
    public = replace(installed, environment=dict(installed.environment) | PUBLIC)
    commands = dict(unit("eqsr-web.service"))
    assert public.run(commands["ExecStartPre"]).returncode == 0
    command = public.command(commands["ExecStart"])
    with running(command, tmp_path / "web.log", public.environment, public.folder) as web:
        web.wait_for_url(f"http://127.0.0.1:{public.port}/healthz")
        with nginx(tmp_path, public.port) as proxy:
            with proxy.visitor().connect() as connection:
                connection.sendall(head("/login"))
                answer = b""
                while piece := connection.recv(65536):
                    answer += piece
            page = answer.decode()
            assert page.startswith("HTTP/1.1 200 ") and "Log in" in page
            cookie = next(line for line in page.splitlines() if line.startswith("Set-Cookie:"))
            assert "Secure" in cookie and "HttpOnly" in cookie
            assert "Strict-Transport-Security: " in page
            for path in (f"/take/{TOKEN}", f"/onboarding/{TOKEN}", f"/shared/{TOKEN}"):
                assert proxy.visitor().ask(path) in (404, 410)
            webhook = f"/webhooks/smartrecruiters/{TOKEN}"
            assert proxy.visitor().ask(webhook, method="POST", body=b"{}") == 404
            assert proxy.process.terminate() == 0
            assert "/webhooks/smartrecruiters/*** 404" in proxy.log()
            assert TOKEN not in proxy.log()
        assert TOKEN not in web.output
