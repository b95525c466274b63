"""Guess the new name of a stage that SmartRecruiters no longer has."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from eqsr.connections.models import HiringStage
from eqsr.core.db import db


def successors(connection_ids: Iterable[uuid.UUID]) -> dict[tuple[uuid.UUID, str, str], str]:
    """Guess new names: {(connection id, status, sub-status): new sub-status} for missing stages.

    A stage is listed if the reading that missed it found exactly one new sub-status with the same
    status in one of the same hiring processes.
    """
    query = select(HiringStage).where(HiringStage.connection_id.in_(list(connection_ids)))
    stages = list(db.session.scalars(query.execution_options(populate_existing=True)))
    found = {}
    for gone in stages:
        if gone.gone_at is None:
            continue
        new = [one.sub_status for one in stages if _may_replace(one, gone)]
        if len(new) == 1:
            found[gone.connection_id, gone.status, gone.sub_status] = new[0]
    return found


def _may_replace(new: HiringStage, gone: HiringStage) -> bool:
    """Did ``new`` appear in the place of ``gone`` in the same reading?"""
    same_place = (new.connection_id, new.status) == (gone.connection_id, gone.status)
    at_once = new.gone_at is None and new.made_at == gone.gone_at
    return same_place and at_once and _share_a_process(new, gone)


def _share_a_process(one: HiringStage, other: HiringStage) -> bool:
    """By their ids, as names change; by names in rows that are older than the ids."""
    if one.process_ids and other.process_ids:
        return bool(set(one.process_ids) & set(other.process_ids))
    return bool(set(one.processes) & set(other.processes))
