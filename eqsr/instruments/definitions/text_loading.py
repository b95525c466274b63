"""Reading the texts of an instrument's folder: explanations, interview questions, shared words."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from eqsr.instruments.definitions.explanations import BANDS, Explanation, InterviewQuestion
from eqsr.instruments.definitions.json_files import read_json

WORDS = Path(__file__).parents[1] / "tasks" / "words"


def shared_words(language: str) -> dict[str, str]:
    """The words that all games share; in English where the language has none yet."""
    english = read_json(WORDS / "en.json")
    own = WORDS / f"{language}.json"
    return english | (read_json(own) if own.is_file() else {})


def load_explanations(folder: Path, language: str) -> Mapping[tuple[str, str], Explanation]:
    """(scale, band) -> the explanation."""
    return MappingProxyType(
        {
            (scale, band): Explanation(
                scale=scale,
                band=band,
                measures=texts["measures"],
                stands=texts["bands"][band]["stands"],
                strengths=tuple(texts["bands"][band]["strengths"]),
                watch_outs=tuple(texts["bands"][band]["watch_outs"]),
                interview=tuple(texts["bands"][band]["interview"]),
                does_not_tell=texts["does_not_tell"],
            )
            for scale, texts in read_json(folder / "explanations" / f"{language}.json").items()
            for band in BANDS
        }
    )


def load_interview(folder: Path, language: str) -> tuple[InterviewQuestion, ...]:
    """The interview questions of all scales, in the order of the file."""
    return tuple(
        InterviewQuestion(
            scale=scale,
            looks_for=texts["looks_for"],
            ask=question["ask"],
            probes=tuple(question["probes"]),
            anchors={int(rating): text for rating, text in question["anchors"].items()},
        )
        for scale, texts in read_json(folder / "interview" / f"{language}.json").items()
        for question in texts["questions"]
    )
