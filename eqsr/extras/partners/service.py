"""Other assessment platforms, and the keys with which they sign requests."""

import re
import uuid
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.core.messages import NotFoundError, UserError
from eqsr.core.tokens import new_token
from eqsr.extras.partners.models import Platform, PlatformKey

MAX_KEYS = 2
# Precision of the time at which a key was last used.
USED_WITHIN = timedelta(minutes=10)

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def platforms_of(organisation_id: uuid.UUID) -> list[Platform]:
    return list(
        db.session.scalars(
            select(Platform)
            .where(Platform.organisation_id == organisation_id)
            .options(selectinload(Platform.keys))
            .order_by(Platform.name, Platform.id)
            .execution_options(populate_existing=True)
        )
    )


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
        activity.audit("platform_added", organisation_id, user.id, platform.id)
        return platform


def make_key(platform: Platform, user: User) -> tuple[PlatformKey, str]:
    """A new key and its secret, which can't be shown again. Raises UserError for a third one."""
    with transaction() as session:
        session.get_one(Platform, platform.id, with_for_update=True)
        working = session.scalars(
            select(PlatformKey.id).where(
                PlatformKey.platform_id == platform.id, PlatformKey.revoked_at.is_(None)
            )
        ).all()
        if len(working) >= MAX_KEYS:
            raise UserError("Two keys work already. Revoke one that is not used any more first.")
        secret = new_token()
        key = PlatformKey(
            platform_id=platform.id,
            key=new_token()[:24],
            encrypted_secret=vault.encrypt(secret),
            made_by_id=user.id,
        )
        session.add(key)
        session.flush()
        activity.audit("platform_key_made", platform.organisation_id, user.id, key.id)
        return key, secret


def revoke_key(organisation_id: uuid.UUID, key_id: uuid.UUID, user: User) -> None:
    """Revoke a key, so that its signatures are refused. Raises NotFoundError."""
    with transaction() as session:
        key = session.get(PlatformKey, key_id)
        if key is None or key.platform.organisation_id != organisation_id:
            raise NotFoundError
        if key.revoked_at is None:
            key.revoked_at = now()
            activity.audit("platform_key_revoked", organisation_id, user.id, key.id)


def working_key(key: str) -> PlatformKey | None:
    return db.session.scalar(
        select(PlatformKey)
        .where(PlatformKey.key == key, PlatformKey.revoked_at.is_(None))
        .execution_options(populate_existing=True)
    )


def used(key: PlatformKey) -> None:
    """Record when the key was used, at most once per USED_WITHIN."""
    if key.used_at is not None and key.used_at > now() - USED_WITHIN:
        return
    with transaction() as session:
        session.execute(update(PlatformKey).where(PlatformKey.id == key.id).values(used_at=now()))
