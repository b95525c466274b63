"""``make tour``: the whole story in a throw-away demo; prints each step with its time.

Exits with 0 only if every step succeeded; otherwise prints one sentence and the end of the logs,
and exits with 1.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.services.exim import exim
from tools.demo import Demo, DemoFailed, running_demo
from tools.tour_page import NotThere
from tools.tour_story import STEPS, Story


def main() -> int:
    started = time.monotonic()
    relay = _through_exim if "--through-exim" in sys.argv[1:] else None
    print("Starting a throw-away demo …", flush=True)
    try:
        with running_demo(customer=False, relay=relay) as demo:
            print(f"   It is up after {time.monotonic() - started:.1f} s.\n", flush=True)
            if not walk(demo):
                return 1
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"\nThe whole story happened, in {time.monotonic() - started:.1f} s with the start.")
    return 0


@contextmanager
def _through_exim(onward: str) -> Iterator[str]:
    """Send every email through a real mail server before the story reads it."""
    with exim(onward, onward) as server:
        yield server.url
        print(f"   {server.log().count(' => ')} emails went through Exim.", flush=True)


def walk(demo: Demo) -> bool:
    """Take every step and print it; return False, after printing the reason, if one failed."""
    story = Story(demo)
    for number, (title, step) in enumerate(STEPS, start=1):
        began = time.perf_counter()
        try:
            note = step(story)
            demo.check()
        except (NotThere, DemoFailed, requests.RequestException) as failure:
            _report(demo, number, title, failure)
            return False
        taken = (time.perf_counter() - began) * 1000
        print(f"{number:>3}. {title:<68} {taken:>7.0f} ms", flush=True)
        if note:
            print(f"       {note}", flush=True)
    return True


def _report(demo: Demo, number: int, title: str, failure: Exception) -> None:
    print(f"\nStep {number} did not happen: {title}", file=sys.stderr)
    print(f"Why: {failure}.", file=sys.stderr)
    for name in demo.processes:
        if said := demo.log(name):
            print(f"\nThe end of {name}'s log:\n{said}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
