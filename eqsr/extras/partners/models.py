"""Other assessment platforms, whose results can enter."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eqsr.core.clock import now
from eqsr.core.columns import UTCDateTime, id_column
from eqsr.core.db import Base


class Platform(Base):
    """A platform that an organisation uses. Candidates are sent to ``host`` and nowhere else."""

    __tablename__ = "platform"

    id: Mapped[uuid.UUID] = id_column()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    host: Mapped[str] = mapped_column(String(253))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    keys: Mapped[list["PlatformKey"]] = relationship(
        back_populates="platform", order_by="PlatformKey.made_at"
    )

    @property
    def working_keys(self) -> list["PlatformKey"]:
        """The keys that are not revoked, oldest first."""
        return [key for key in self.keys if key.revoked_at is None]


class PlatformKey(Base):
    """A name and a secret with which a platform signs. Two may work at once, to change them."""

    __tablename__ = "platform_key"

    id: Mapped[uuid.UUID] = id_column()
    platform_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    encrypted_secret: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    platform: Mapped[Platform] = relationship(back_populates="keys", lazy="joined")


class JobElsewhere(Base):
    """A job whose candidates are assessed at another platform instead of here.

    ``link`` begins with https and the platform's host and holds ``{invitation}``.
    """

    __tablename__ = "job_elsewhere"

    id: Mapped[uuid.UUID] = id_column()
    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("job.id"), unique=True)
    platform_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("platform.id"), index=True)
    link: Mapped[str] = mapped_column(String(500))
    minutes: Mapped[int]

    platform: Mapped[Platform] = relationship(lazy="joined")
