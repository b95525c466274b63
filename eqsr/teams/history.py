"""The audit log of an organisation's team in sentences: members, roles, credentials, sharing."""

import uuid
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.actions import AuditAction
from eqsr.activity.models import AuditEntry
from eqsr.core.db import db

AUDIT_SENTENCES: dict[str, Any] = {
    AuditAction.TEAM_INVITED: _("%(user)s invited %(email)s as %(role)s."),
    AuditAction.TEAM_INVITED_AGAIN: _("%(user)s sent the invitation for %(email)s again."),
    AuditAction.TEAM_INVITATION_WITHDRAWN: _("%(user)s withdrew the invitation for %(email)s."),
    AuditAction.TEAM_JOINED: _("%(user)s joined as %(role)s."),
    AuditAction.FIRST_ADMIN_MADE: _("%(user)s joined as the first admin, by an onboarding link."),
    AuditAction.ROLE_CHANGED: _(
        "%(user)s changed the role of %(email)s from %(before)s to %(role)s."
    ),
    AuditAction.MEMBER_LOGGED_OUT: _("%(user)s logged out %(email)s everywhere."),
    AuditAction.USER_DEACTIVATED: _("%(user)s deactivated %(email)s."),
    AuditAction.USER_REACTIVATED: _("%(user)s reactivated %(email)s."),
    AuditAction.PASSWORD_FORGOTTEN: _("%(user)s asked for a link for a new password."),
    AuditAction.PASSWORD_RESET: _("%(user)s set a new password by a link."),
    AuditAction.PASSWORD_CHANGED: _("%(user)s changed the password."),
    AuditAction.JOB_TEAM_ADDED: _("%(user)s added %(email)s to the team of %(job)s."),
    AuditAction.JOB_TEAM_REMOVED: _("%(user)s took %(email)s off the team of %(job)s."),
    AuditAction.CREDENTIAL_CONNECTED: _("%(by)s connected SmartRecruiters."),
    AuditAction.CREDENTIAL_REPLACED: _("%(by)s replaced the SmartRecruiters credential."),
    AuditAction.DISCONNECTED: _("%(user)s disconnected SmartRecruiters."),
    AuditAction.CREDENTIAL_FORGOTTEN: _("The SmartRecruiters credential was deleted here."),
    AuditAction.SIGNING_KEY_REPLACED: _("%(user)s replaced SmartRecruiters' signing key."),
    AuditAction.SIGNING_KEY_RENEWED: _(
        "SmartRecruiters' signing key had been lost and was made again."
    ),
    AuditAction.PROFILE_SHARED: _("%(user)s shared a candidate's profile with %(email)s."),
    AuditAction.PROFILE_SHARE_OPENED: _("%(email)s opened the profile that %(user)s shared."),
    AuditAction.PROFILE_SHARE_REVOKED: _("%(user)s ended the access of %(email)s to a profile."),
}
_ROLE_NAMES = {"admin": _("admin"), "reviewer": _("reviewer")}
MAX_LINES = 50


def lines(organisation_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the latest entries, newest first, as {sentence, at} for the macro ``timeline``."""
    rows = db.session.execute(
        select(AuditEntry, User)
        .join(User, User.id == AuditEntry.user_id, isouter=True)
        .where(AuditEntry.organisation_id == organisation_id)
        .where(AuditEntry.action.in_(AUDIT_SENTENCES))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MAX_LINES)
    )
    return [{"sentence": _sentence(entry, user), "at": entry.at} for entry, user in rows]


def _sentence(entry: AuditEntry, user: User | None) -> str:
    facts = {key: str(_ROLE_NAMES.get(value, value)) for key, value in entry.facts.items()}
    facts["user"] = user.display_name if user else gettext("Somebody")
    return str(AUDIT_SENTENCES[entry.action]) % _Dashes(facts)


class _Dashes(dict[str, str]):
    """Facts for a sentence; one that an older version did not store shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
