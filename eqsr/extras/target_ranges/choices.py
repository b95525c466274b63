"""The scales for which a job's target ranges can be set, and the ranges it has."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from eqsr.core.db import db
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.definitions.norm_groups import NO_NORM
from eqsr.jobs.instruments import instruments_of
from eqsr.jobs.models import Job
from eqsr.norms import service as norms

Key = tuple[str, str]
"""Ids of an instrument and of one of its scales."""


@dataclass(frozen=True)
class RangeChoice:
    """A scale of the job's assessment, with its target range if it has one.

    ``rangeable``: the job's scores are compared with a norm group, so they have stens.
    """

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    rangeable: bool

    @property
    def key(self) -> Key:
        """Ids of the instrument and the scale."""
        return self.instrument.id, self.scale.id

    @property
    def name(self) -> str:
        """Suffix of the names of its form fields."""
        return f"{self.instrument.id}.{self.scale.id}"


def choices(job: Job, language: str = "en") -> list[RangeChoice]:
    """Every scale of the job's assessment, with its target range if it has one."""
    sought = ranges_of(job.id)
    parts = instruments_of(job)
    found = []
    for instrument in (catalogue.instrument(part, language=language) for part in parts):
        norm_id, _version = norms.chosen_for(job.id, job.organisation_id, instrument)
        found += [
            RangeChoice(
                instrument, scale, sought.get((instrument.id, scale.id)), norm_id != NO_NORM.id
            )
            for scale in instrument.scales
        ]
    return found


def ranges_of(job_id: uuid.UUID) -> dict[Key, TargetRange]:
    """The job's target ranges, by scale."""
    rows = db.session.scalars(
        select(TargetRange)
        .where(TargetRange.job_id == job_id)
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in rows}
