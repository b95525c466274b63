"""A customer's SmartRecruiters account, and the mirror of its jobs and stages."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.accounts.models import Organisation
from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, enum_column, id_column
from eqsr.core.db import Base

# Statuses at which a SmartRecruiters job takes nobody (published OpenAPI, JobDetails.status).
# Its posting status says only where the ad is shown: candidates are moved on without an ad too.
OVER = ("FILLED", "CANCELLED")
ON_HOLD = ("ON_HOLD",)


class ConnectionState(StrEnum):
    """Not connected yet, working, not working until something is fixed, or disconnected."""

    PENDING = "pending"
    ACTIVE = "active"
    NEEDS_ATTENTION = "needs_attention"
    DISCONNECTED = "disconnected"


class Connection(Base):
    """An organisation's connection; reconnecting keeps the row, and with it the history.

    ``key`` is the unguessable last part of our webhook address. ``encrypted_*`` are encrypted with
    ENCRYPTION_KEYS. ``scopes`` is the latest check: [{scope, outcome, sentence}]. ``run`` numbers
    the attempts to connect, and ``steps`` holds the latest one's (connections.progress).
    """

    __tablename__ = "connection"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[ConnectionState] = enum_column(ConnectionState, default=ConnectionState.PENDING)
    client_id: Mapped[str | None] = mapped_column(String(300))
    encrypted_client_secret: Mapped[str | None] = mapped_column(Text)
    # A credential being tried; it replaces the first one once it works. Its ID is encrypted too,
    # as it may be a secret pasted into the wrong field.
    encrypted_pending_client_id: Mapped[str | None] = mapped_column(Text)
    encrypted_pending_secret: Mapped[str | None] = mapped_column(Text)
    # The company whose account the pending credential opens.
    pending_company_name: Mapped[str | None] = mapped_column(String(300))
    pending_company_identifier: Mapped[str | None] = mapped_column(String(300))
    # Who entered the latest credential: name shown to others, account, network address.
    begun_by: Mapped[str | None] = mapped_column(String(400))
    begun_by_id: Mapped[uuid.UUID | None]
    begun_from: Mapped[str | None] = mapped_column(String(60))
    run: Mapped[int] = mapped_column(default=0)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    steps_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Lease of the worker that takes the steps of this run.
    run_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # SmartRecruiters emails this address when it can't deliver events.
    alert_address: Mapped[str | None] = mapped_column(String(254))
    company_name: Mapped[str | None] = mapped_column(String(300))
    company_identifier: Mapped[str | None] = mapped_column(String(300))
    scopes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    subscription_id: Mapped[str | None] = mapped_column(String(100))
    subscription_state: Mapped[str | None] = mapped_column(String(20))
    problem: Mapped[str | None] = mapped_column(Text)
    problem_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The problem that admins were emailed about last, and when.
    problem_told: Mapped[str | None] = mapped_column(Text)
    problem_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    connected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    jobs_synced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # An unfinished reading of all jobs: when it began, and the page of /jobs to read next.
    jobs_run_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    jobs_page_id: Mapped[str | None] = mapped_column(Text)
    # Up to when stages and changed jobs were read (connections.refresh).
    refreshed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reconciled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Seconds by which our clock is ahead of SmartRecruiters'; None before the first check.
    clock_offset: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    webhook_keys: Mapped[list["WebhookKey"]] = relationship(order_by="WebhookKey.created_at")


class WebhookKey(Base):
    """A secret key that signs a subscription's events; valid for 24 hours after a replacement."""

    __tablename__ = "webhook_key"

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connection.id"), index=True)
    subscription_id: Mapped[str] = mapped_column(String(100))
    encrypted_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AtsJob(Base):
    """A SmartRecruiters job as last read. ``search`` holds id, reference and title, normalised."""

    __tablename__ = "ats_job"
    __table_args__ = (
        UniqueConstraint("connection_id", "ats_id"),
        # Covers all that a search compares, so that a keystroke reads only the rows it shows.
        Index(
            "ix_ats_job_recent",
            "connection_id",
            "updated_on",
            "search",
            "id",
            sqlite_where=text("gone_at IS NULL"),
            postgresql_where=text("gone_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connection.id"))
    ats_id: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(500))
    ref_number: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(40), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    department: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    search: Mapped[str] = mapped_column(Text, default="")
    updated_on: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def over(self) -> bool:
        """Whether SmartRecruiters says that the job is filled or cancelled."""
        return self.status in OVER

    @property
    def takes_candidates(self) -> bool:
        """Whether candidates are invited for it: not gone, filled, cancelled or on hold.

        An unknown status counts as open, so that a new word of SmartRecruiters stops nothing.
        """
        return self.gone_at is None and self.status not in (*OVER, *ON_HOLD)


class HiringStage(Base):
    """A stage of hiring processes: a fixed status and a sub-status ('' for none)."""

    __tablename__ = "hiring_stage"
    __table_args__ = (UniqueConstraint("connection_id", "status", "sub_status"),)

    id: Mapped[uuid.UUID] = id_column()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("connection.id"))
    status: Mapped[str] = mapped_column(String(40))
    sub_status: Mapped[str] = mapped_column(String(200), default="")
    # Names of the hiring processes with this stage; SmartRecruiters does not say which a job uses.
    processes: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Their ids, as names change and may be the same; empty in rows older than this column.
    process_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    # When it was first read; None in rows that are older than this column.
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
