"""Scoring: pure functions from answers to a result, without Flask or the database."""

from eqsr.instruments.scoring.quality import Flag, Quality
from eqsr.instruments.scoring.raw import ItemResponse
from eqsr.instruments.scoring.result import Result
from eqsr.instruments.scoring.scale_score import ScaleScore
from eqsr.instruments.scoring.score import score

__all__ = ["Flag", "ItemResponse", "Quality", "Result", "ScaleScore", "score"]
