"""LibreOffice's spreadsheet program, set to a country, opening a file as a person would."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
REGION = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" '
    'oor:op="fuse"><value>{locale}</value></prop></item></oor:items>'
)


@dataclass(frozen=True)
class Cell:
    """A cell as the program understood it: ``kind`` is string, float, date or percentage."""

    text: str
    kind: str
    formula: bool


def opened(file: Path, locale: str, separator: str) -> list[list[Cell]]:
    """The rows that the program, installed in this country, shows of a CSV file.

    ``separator``: what Excel expects there ("List separator" of the Windows region).
    """
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("REQUIRE_LIBREOFFICE") == "1":
            pytest.fail("LibreOffice is not installed, and REQUIRE_LIBREOFFICE is set")
        pytest.skip("LibreOffice is not installed (libreoffice-calc-nogui)")
    profile = file.parent / f"profile-{locale}"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = REGION.format(locale=locale)
    (profile / "user" / "registrymodifications.xcu").write_text(settings)
    # Separator, quote, UTF-8, from the first line, all columns as they are, the region's language,
    # no cell is text for being quoted, dates and numbers are recognised as on a double click.
    options = f"CSV:{ord(separator)},34,76,1,,0,false,true"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += [f"--infilter={options}", "--convert-to", "fods", "--outdir", str(file.parent)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=180)
    sheet = ElementTree.parse(file.with_suffix(".fods")).getroot().find(f".//{TABLE}table")
    assert sheet is not None
    return [_cells(row) for row in sheet.iter(f"{TABLE}table-row")]


def _cells(row: ElementTree.Element) -> list[Cell]:
    found = []
    for cell in row.iter(f"{TABLE}table-cell"):
        text = "".join("".join(one.itertext()) for one in cell.iter(f"{TEXT}p"))
        kind = cell.get(f"{OFFICE}value-type", "")
        one = Cell(text, kind, cell.get(f"{TABLE}formula") is not None)
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        # The empty cells up to the sheet's last column are one element.
        found += [one] * (times if times < 100 else 1)
    while found and not found[-1].text:
        found.pop()
    return found
