"""The keys with which other platforms sign requests."""

import uuid
from datetime import timedelta

from sqlalchemy import select, update

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.core.messages import NotFoundError, UserError
from eqsr.core.tokens import new_token
from eqsr.extras.partners.models import Platform, PlatformKey

MAX_KEYS = 2
# Precision of the time at which a key was last used.
USED_AT_PRECISION = timedelta(minutes=10)


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
        activity.audit(AuditAction.PLATFORM_KEY_MADE, platform.organisation_id, user.id, key.id)
        return key, secret


def revoke_key(organisation_id: uuid.UUID, key_id: uuid.UUID, user: User) -> None:
    """Revoke a key, so that its signatures are refused. Raises NotFoundError."""
    with transaction() as session:
        key = session.get(PlatformKey, key_id)
        if key is None or key.platform.organisation_id != organisation_id:
            raise NotFoundError
        if key.revoked_at is None:
            key.revoked_at = now()
            activity.audit(AuditAction.PLATFORM_KEY_REVOKED, organisation_id, user.id, key.id)


def working_key(key: str) -> PlatformKey | None:
    """The key of this name, unless it is revoked; None if there is none."""
    return db.session.scalar(
        select(PlatformKey)
        .where(PlatformKey.key == key, PlatformKey.revoked_at.is_(None))
        .execution_options(populate_existing=True)
    )


def record_use(key: PlatformKey) -> None:
    """Record when the key was used, at most once per USED_AT_PRECISION."""
    if key.used_at is not None and key.used_at > now() - USED_AT_PRECISION:
        return
    with transaction() as session:
        session.execute(update(PlatformKey).where(PlatformKey.id == key.id).values(used_at=now()))
