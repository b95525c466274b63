"""What a person reads of a page."""

import re
from html import unescape

from werkzeug.test import TestResponse


def text_of(page: TestResponse | str) -> str:
    """Return the text of a page's main part, or of the whole of a partial, without markup.

    Scripts, styles and drawings are left out, and white space is folded.
    """
    html = page if isinstance(page, str) else page.get_data(as_text=True)
    main = html.partition("<main")[2].partition("</main>")[0]
    shown = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", f"<main{main}" if main else html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def opened_url(html: str) -> str:
    """Return the address that the page's script tells that somebody sees the page."""
    return unescape(re.search(r'name="opened-url" content="([^"]+)"', html)[1])
