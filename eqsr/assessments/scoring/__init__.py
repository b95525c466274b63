"""Scoring: pure functions from answers to a result. Knows neither Flask nor the database."""

from eqsr.assessments.scoring.quality import Flag, Quality
from eqsr.assessments.scoring.raw import Answer
from eqsr.assessments.scoring.score import Result, ScaleScore, score

__all__ = ["Answer", "Flag", "Quality", "Result", "ScaleScore", "score"]
