"""``make screenshots``: a picture of every page and mail, on a phone and a desktop, light and dark.

They go to build/screenshots, with an index.html to look through them. ``ARGS="--only recruiter"``
takes those of one part of the walk; what lies before it is walked all the same.
"""

import argparse
import shutil
import sys
import time

from tests.services.browser import chromium
from tools.demo import ROOT, DemoFailed, running_demo
from tools.screenshots.camera import Camera
from tools.screenshots.missing import without_picture
from tools.screenshots.walk import PARTS, walk

FOLDER = ROOT / "build" / "screenshots"


def main() -> int:
    started = time.monotonic()
    only = _wanted()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    camera = Camera(FOLDER)
    try:
        with running_demo() as demo, chromium() as browser:
            seen = walk(browser, demo, camera, only)
    except DemoFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        camera.write_index()
    seconds = time.monotonic() - started
    print(f"{camera.pictures} pictures of {len(camera.taken)} pages, in {seconds:.0f} s.")
    print(f"Look at {(FOLDER / 'index.html').relative_to(ROOT)}.")
    problems = [f"Scrolls sideways: {page}" for page in camera.wide_pages]
    if not only:
        problems += [f"No picture of {page}" for page in without_picture(seen)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _wanted() -> list[str]:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], choices=[name for name, _ in PARTS])
    return parser.parse_args().only


if __name__ == "__main__":
    sys.exit(main())
