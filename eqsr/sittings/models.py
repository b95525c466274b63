"""Sittings with their answers, trial responses and scores.

An invitation has one sitting for each instrument of its assessment, taken one after the other.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base
from eqsr.invitations.models import Invitation


class Sitting(Base):
    """An invitation's attempt at one instrument, in one version.

    ``time_factor``: how much time limits are stretched, as the candidate asked before the start.
    A task has a ``seed`` and the ``trials`` made from it, with their keys. Trials are stored as
    they were shown, so that a later version of the program scores the same trials.
    """

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("invitation_id", "instrument"),)

    id: Mapped[uuid.UUID] = id_column()
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10), default="en")
    device: Mapped[str] = mapped_column(String(300), default="")
    # Screen, refresh rate and pointer, which affect response times (device_facts.py).
    device_facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    time_factor: Mapped[float] = mapped_column(default=1)
    seed: Mapped[int | None] = mapped_column(BigInteger)
    trials: Mapped[list[Any] | None] = mapped_column(JSON, deferred=True)
    # The candidate could not take this game: it has no score, rather than a low one.
    left_out: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Flags from scoring.quality; empty if nothing stood out.
    quality: Mapped[list[Any]] = mapped_column(JSON, default=list)

    invitation: Mapped[Invitation] = relationship(lazy="joined")
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.item")
    scores: Mapped[list["Score"]] = relationship(
        order_by="Score.created_at", back_populates="sitting"
    )


class Answer(Base):
    """An answer to one item; a later answer before the end replaces it."""

    __tablename__ = "answer"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]
    # Milliseconds from showing the item to the answer, measured by the browser; None if unknown.
    response_ms: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class TrialResponse(Base):
    """What the browser reported about one trial of a task; see tasks.Response.

    ``sequence`` is the order of arrival. Responses that do not count are stored too, so that
    scoring again gives the same result.
    """

    __tablename__ = "trial_response"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trial_number: Mapped[int]
    response: Mapped[Any] = mapped_column(JSON, nullable=True)
    response_ms: Mapped[float | None]
    shown_at: Mapped[float | None]
    load: Mapped[str] = mapped_column(String(64), default="")
    focus_lost: Mapped[int] = mapped_column(default=0)
    timed_out: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Score(Base):
    """A scale's score against one norm.

    Scoring again adds a ``version`` and keeps the earlier ones; a unique index allows one current
    score per sitting and scale.
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("sitting_id", "scale", "version"),
        Index(
            "uq_score_current",
            "sitting_id",
            "scale",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    scale: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    norm_id: Mapped[str] = mapped_column(String(80))
    norm_version: Mapped[str] = mapped_column(String(20))
    # scoring.ScaleScore as JSON.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    sitting: Mapped[Sitting] = relationship(back_populates="scores")
