"""Texts about scores: explanations of the bands of a scale, and interview questions."""

from collections.abc import Mapping
from dataclasses import dataclass

BANDS = ("low", "mid", "high")
"""Names of the bands of stens 1-3, 4-7 and 8-10."""

ANCHORS = (1, 3, 5)
"""The ratings of an interview question that have a description; 2 and 4 lie between them."""


@dataclass(frozen=True)
class Explanation:
    """The texts for one scale and one band (``low``, ``mid``, ``high``).

    In the middle there are neither ``strengths`` nor ``watch_outs``, as they would fit everybody;
    at the worse end of a task's scale there are no ``strengths``, as nothing supports any.
    """

    scale: str
    band: str
    measures: str
    stands: str
    strengths: tuple[str, ...]
    watch_outs: tuple[str, ...]
    interview: tuple[str, ...]
    does_not_tell: str


@dataclass(frozen=True)
class InterviewQuestion:
    """A question that every candidate is asked, and how answers are rated.

    ``anchors``: rating (1, 3 and 5) -> the behaviour that earns it. ``looks_for``: the behaviour at
    work that the question is about, for both ends of the scale.
    """

    scale: str
    looks_for: str
    ask: str
    probes: tuple[str, ...]
    anchors: Mapping[int, str]
