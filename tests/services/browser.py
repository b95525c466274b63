"""Chromium for tests: the system's own, driven by Playwright.

``python -m tests.services.browser`` prints its path, or exits with 1 when there is none.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# A machine under full load is slow; a condition ends as soon as it holds.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
OURS = ("127.0.0.1", "localhost", "::1", None)  # data:, blob: and about: URLs have no host


def find_chromium() -> str | None:
    """Return the program named by CHROMIUM, else the first known name on PATH, else None."""
    wanted = os.environ.get("CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless browser for the length of a block; start it once per test session."""
    program = find_chromium()
    assert program, "no Chromium was found; install one or name it in CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser,
    width: int = 1280,
    height: int = 800,
    expected: tuple[str, ...] = (),
    **context_options,
) -> Iterator[Page]:
    """Open a page with its own cookies.

    ``expected``: how errors on the console begin that the test provokes.

    Fails at the end of the block if a script failed, the console showed an error (a breach of
    the content security policy is one), or the page requested something from another host.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, **context_options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    context.on("weberror", lambda error: problems.append(f"script error: {error.error}"))
    context.on("console", lambda message: problems.extend(_console_problem(message, expected)))
    context.on("request", lambda request: problems.extend(_foreign_request(request)))
    try:
        yield page
        assert not problems, "\n".join(problems)
    finally:
        context.close()


# Chromium reports each 4xx and 5xx answer as an error, and tests provoke those on purpose. htmx
# reports a request that a newer one replaces (hx-sync); a failed one is also reported as
# htmx:sendError.
EXPECTED = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


def _console_problem(message: ConsoleMessage, expected: tuple[str, ...]) -> list[str]:
    if message.type != "error" or message.text.startswith(EXPECTED + expected):
        return []
    return [f"console error: {message.text}"]


def _foreign_request(request: Request) -> list[str]:
    return [] if urlsplit(request.url).hostname in OURS else [f"asked for {request.url}"]


if __name__ == "__main__":
    found = find_chromium()
    print(found or "no Chromium")
    sys.exit(0 if found else 1)
