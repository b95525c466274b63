"""``make release VERSION=x.y.z``: make a release of what CHANGELOG.md holds as unreleased.

Moves it under the version with today's date (UTC), writes the version where it is named, and prints
the commands that commit and tag. It pushes nothing.
"""

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Where the version is named, as (file, pattern with the version as its only group).
NAMED = (
    ("eqsr/core/version.py", r'^VERSION = "([^"]+)"$'),
    ("deploy/Dockerfile", r"--tag eqsr:(\S+) "),
    ("deploy/compose.yaml", r"\$\{EQSR_VERSION:-([^}]+)\}"),
)
UNRELEASED = "## Unreleased\n"


class Refused(Exception):
    """The release can't be made; str() says why in one sentence."""


def release(root: Path, version: str, today: date) -> None:
    """Change the files below ``root``. Raises Refused, and changes nothing then."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise Refused("Say which version: make release VERSION=1.2.3")
    changes = {
        root / "CHANGELOG.md": _changelog((root / "CHANGELOG.md").read_text(), version, today)
    }
    for name, pattern in NAMED:
        text = (root / name).read_text()
        found = re.search(pattern, text, re.MULTILINE)
        if found is None:
            raise Refused(f"{name} names no version.")
        if name == NAMED[0][0] and _parts(found[1]) > _parts(version):
            raise Refused(f"This is version {found[1]} already.")
        changes[root / name] = text[: found.start(1)] + version + text[found.end(1) :]
    for path, text in changes.items():
        path.write_text(text)


def _changelog(text: str, version: str, today: date) -> str:
    before, found, after = text.partition(UNRELEASED)
    unreleased = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
    if not found or "\n- " not in unreleased:
        raise Refused("CHANGELOG.md holds nothing unreleased.")
    if re.search(rf"^## {re.escape(version)}\b", text, re.MULTILINE):
        raise Refused(f"CHANGELOG.md has a version {version} already.")
    return f"{before}{UNRELEASED}\n## {version} - {today:%Y-%m-%d}\n{after}"


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def main(version: str) -> int:
    """Make the release and print how to commit and tag it; 1 if it can't be made."""
    try:
        release(ROOT, version, datetime.now(UTC).date())
    except Refused as why:
        print(why, file=sys.stderr)
        return 1
    files = " ".join(["CHANGELOG.md", *(name for name, _pattern in NAMED)])
    print(f"Version {version} is written. Look at it, and then:\n")
    print(f'    git commit --message "release: {version}" {files}')
    print(f'    git tag --annotate v{version} --message "Version {version}"')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
