"""Links to the same page in other languages, for visitors."""

from typing import TypedDict
from urllib.parse import urlencode

from flask import g, request
from flask_babel import get_locale

from eqsr.web.languages import known_user, offered_languages


class LanguageLink(TypedDict):
    """A link to the same page in another language."""

    code: str
    name: str
    url: str
    current: bool


def language_links() -> list[LanguageLink]:
    """Links to this page in each language, for visitors; users have a setting instead."""
    rule = request.url_rule
    if g.get("language") or known_user() or rule is None or "GET" not in (rule.methods or ()):
        return []
    asked = [(key, value) for key, value in request.args.items(multi=True) if key != "language"]
    return [
        {
            "code": code,
            "name": name,
            "url": f"{request.path}?{urlencode([*asked, ('language', code)])}",
            "current": code == str(get_locale()),
        }
        for code, name in offered_languages().items()
    ]
