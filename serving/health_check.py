"""Ask the health address, as a container's HEALTHCHECK does: exit code 0 if it answers 200."""

import sys
import urllib.error
import urllib.request

SECONDS = 4


def main(url: str) -> int:
    """Return 0 if ``url`` answers 200 within SECONDS, else 1."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except (OSError, urllib.error.URLError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
