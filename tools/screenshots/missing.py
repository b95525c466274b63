"""Lists the pages and mails that the walk did not show."""

import re

from tools.demo import ROOT
from tools.screenshots.studio import Seen

# Not pages of their own: files, answers for programs, and fragments that htmx swaps in.
NO_PAGES = {
    "/",
    "/.well-known/security.txt",
    "/api/elsewhere/v1/<key>/invitations",
    "/api/elsewhere/v1/<key>/invitations/<uuid:invitation_id>",
    "/api/elsewhere/v1/openapi.json",
    "/candidates/<uuid:candidate_id>/report.pdf",
    "/connection/health",
    "/connection/reconnect/check/progress",
    "/fairness/report.csv",
    "/healthz",
    "/jobs/<uuid:job_id>/connect/counts",
    "/jobs/<uuid:job_id>/connect/jobs",
    "/jobs/<uuid:job_id>/connect/present",
    "/jobs/<uuid:job_id>/connect/stages",
    "/jobs/<uuid:job_id>/invitations.csv",
    "/jobs/<uuid:job_id>/progress",
    "/metrics",
    "/onboarding/<token>",
    "/onboarding/<token>/account",  # these three redirect to the last page
    "/onboarding/<token>/check/progress",
    "/onboarding/<token>/join",
    "/onboarding/<token>/leave",
    "/organisations/<uuid:organisation_id>/logo-<version>.png",
    "/organisations/accent-<colour>.css",
    "/readyz",
    "/take/<token>/questions",
    "/team/log.csv",
    "/take/<token>/tasks/<part>/state",
}


def pages() -> list[str]:
    """Return the addresses in docs/http.md that can be opened, as written there."""
    text = (ROOT / "docs/http.md").read_text()
    return re.findall(r"^\| `GET` \| `([^`]+)`", text, re.MULTILINE)


def mails() -> list[str]:
    """Return the names of the mail templates."""
    return sorted(path.stem for path in (ROOT / "templates/mail").glob("*.txt") if _is_mail(path))


def without_picture(seen: Seen) -> list[str]:
    """Return the pages and mails without a picture."""
    return [
        *(one for one in pages() if one not in NO_PAGES and not _seen(one, seen.paths)),
        *(f"the mail {one}" for one in mails() if picture_of_mail(one) not in seen.names),
    ]


def picture_of_mail(name: str) -> str:
    return f"mail-{name.replace('_', '-')}"


def _is_mail(path) -> bool:
    return "." not in path.stem and path.stem not in ("layout", "parts")


def _seen(address: str, paths: set[str]) -> bool:
    parts = re.split(r"<[^>]+>", address)
    pattern = re.compile("[^/]+".join(map(re.escape, parts)))
    fixed = {one for one in pages() if "<" not in one}
    return any(pattern.fullmatch(path) and path not in fixed - {address} for path in paths)
