"""Reads pages and mails as a Dutch reader who stumbles over every English sentence."""

import re
from html import unescape

# Frequent in English and no words of Dutch.
# fmt: off
ENGLISH = frozenset((
    "the", "and", "you", "your", "this", "that", "with", "from", "has", "have", "are", "not",
    "for", "it", "its", "was", "were", "will", "they", "who", "which", "what", "when", "how",
    "been", "be", "by", "after", "before", "only", "every", "there", "their", "to",
))
# fmt: on
SAID = ("title", "alt", "aria-label", "placeholder", "data-confirm", "data-copied", "data-failed")
ENOUGH = 2


def texts_of(page: str) -> list[str]:
    """What the page says: every text, and what attributes say to whom hovers, hears or types."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", page)
    # Whatever says in which language it is written is meant to be so.
    page = re.sub(r'(?s)<(?!html)(\w+)[^>]* lang="en"[^>]*>.*?</\1>', " ", page)
    said = re.findall(rf'\b(?:{"|".join(SAID)})="([^"]+)"', page)
    # Words inside a sentence that are marked do not end it.
    page = re.sub(r"</?(?:b|bdi|strong|em|a|time|code|abbr)\b[^>]*>", "", page)
    return [" ".join(unescape(text).split()) for text in [*re.split(r"<[^>]+>", page), *said]]


def english_in(texts: list[str], known: tuple[str, ...] = ()) -> list[str]:
    """Return the texts with two or more frequent English words, those in `known` left out.

    Letters inside an id ("be5d") are no words.
    """
    found = []
    for text in texts:
        rest = text
        for name in known:
            rest = rest.replace(name, "")
        if sum(word in ENGLISH for word in re.findall(r"\b[a-z']+\b", rest.lower())) >= ENOUGH:
            found.append(text)
    return found


def untranslated_in(texts: list[str], messages: dict[str, str]) -> list[str]:
    """The texts that are a message of the catalogue whose translation is another one."""
    return [text for text in texts if messages.get(text, text) != text]
