"""An organisation's other assessment platforms."""

import re
import uuid

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.db import db, transaction
from eqsr.core.folding import folded
from eqsr.core.messages import NotFoundError, UserError
from eqsr.extras.partners.models import Platform

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def platforms_of(organisation_id: uuid.UUID) -> list[Platform]:
    """The organisation's platforms with their keys, by name."""
    found = db.session.scalars(
        select(Platform)
        .where(Platform.organisation_id == organisation_id)
        .options(selectinload(Platform.keys))
        .execution_options(populate_existing=True)
    )
    return sorted(found, key=lambda one: (folded(one.name), one.id))


def own(organisation_id: uuid.UUID, platform_id: uuid.UUID) -> Platform:
    """The organisation's platform. Raises NotFoundError."""
    platform = db.session.get(Platform, platform_id)
    if platform is None or platform.organisation_id != organisation_id:
        raise NotFoundError
    return platform


def add(organisation_id: uuid.UUID, name: str, host: str, user: User) -> Platform:
    """The platform of this name and host; adding it twice is once. Raises UserError for a name or
    a host that can't be used."""
    name, host = " ".join(name.split()), host.strip().lower().removeprefix("https://").rstrip("/")
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise UserError("Give the platform a name of at most 80 characters.", field="name")
    if not _HOST.fullmatch(host):
        raise UserError("Give the host alone, such as assess.example.com.", field="host")
    with transaction() as session:
        session.scalar(
            select(Organisation.id)
            .where(Organisation.id == organisation_id)
            .with_for_update(key_share=True)
        )
        known = session.scalar(
            select(Platform).where(
                Platform.organisation_id == organisation_id,
                Platform.name == name,
                Platform.host == host,
            )
        )
        if known is not None:
            return known
        platform = Platform(organisation_id=organisation_id, name=name, host=host)
        session.add(platform)
        session.flush()
        activity.audit(AuditAction.PLATFORM_ADDED, organisation_id, user.id, platform.id)
        return platform
