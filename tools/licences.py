"""``make licences``: write docs/licences.md, the licences of what requirements.txt pins.

Read from the metadata of the installed packages; those of other Pythons stand in ``ELSEWHERE``.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "docs/licences.md"
# Only installed with other Pythons, so its metadata can't be read with every one.
ELSEWHERE = {"async-timeout": "Apache-2.0"}
# Long texts and old classifiers in words of SPDX.
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
}
HEAD = """# Licences of the dependencies

What `requirements.txt` pins, as the packages say themselves; `make licences` writes this list, and
a test compares it. The bill of materials with versions and hashes is `make sbom`. What lies in this
repository itself: [NOTICE](../NOTICE). Those under the LGPL (fpdf2, psycopg) are used unchanged, as
packages of their own.

| package | version | licence |
|---|---|---|
"""


def pinned() -> Iterator[tuple[str, str]]:
    """Names and versions in requirements.txt."""
    text = (ROOT / "requirements.txt").read_text()
    yield from re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ \\;]+)", text, re.MULTILINE)


def licence(package: str) -> str:
    """The licence that a package names. Raises LookupError if it names none that we can read."""
    if package in ELSEWHERE:
        return ELSEWHERE[package]
    facts = metadata(package)
    stated = facts.get("License-Expression") or facts.get("License") or ""
    classified = [
        one.rpartition(" :: ")[2]
        for one in facts.get_all("Classifier") or []
        if one.startswith("License ::") and not one.endswith("OSI Approved")
    ]
    if not stated or "\n" in stated or len(stated) > 60:
        stated = " AND ".join(SPDX.get(one, one) for one in classified)
    if not stated:
        raise LookupError(f"{package} names no licence")
    return SPDX.get(stated, stated)


def document() -> str:
    """The text of docs/licences.md."""
    rows = (f"| {name} | {version} | {licence(name)} |\n" for name, version in pinned())
    return HEAD + "".join(rows)


if __name__ == "__main__":
    LISTED.write_text(document())
    sys.stdout.write(f"{LISTED.relative_to(ROOT)}\n")
