"""The audit log of an organisation's team in sentences: members, roles, credentials, sharing."""

import uuid
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.models import AuditEntry
from eqsr.core.db import db

AUDIT_SENTENCES = {
    "team_invited": _("%(user)s invited %(email)s as %(role)s."),
    "team_invited_again": _("%(user)s sent the invitation for %(email)s again."),
    "team_invitation_withdrawn": _("%(user)s withdrew the invitation for %(email)s."),
    "team_joined": _("%(user)s joined as %(role)s."),
    "first_admin_made": _("%(user)s joined as the first admin, by an onboarding link."),
    "role_changed": _("%(user)s changed the role of %(email)s from %(before)s to %(role)s."),
    "user_deactivated": _("%(user)s deactivated %(email)s."),
    "user_reactivated": _("%(user)s reactivated %(email)s."),
    "password_forgotten": _("%(user)s asked for a link for a new password."),
    "password_reset": _("%(user)s set a new password by a link."),
    "password_changed": _("%(user)s changed the password."),
    "job_team_added": _("%(user)s added %(email)s to the team of %(job)s."),
    "job_team_removed": _("%(user)s took %(email)s off the team of %(job)s."),
    "credential_connected": _("%(by)s connected SmartRecruiters."),
    "credential_replaced": _("%(by)s replaced the SmartRecruiters credential."),
    "disconnected": _("%(user)s disconnected SmartRecruiters."),
    "credential_forgotten": _("The SmartRecruiters credential was deleted here."),
    "signing_key_replaced": _("%(user)s replaced SmartRecruiters' signing key."),
    "signing_key_renewed": _("SmartRecruiters' signing key had been lost and was made again."),
    "profile_shared": _("%(user)s shared a candidate's profile with %(email)s."),
    "profile_share_opened": _("%(email)s opened the profile that %(user)s shared."),
    "profile_share_revoked": _("%(user)s ended the access of %(email)s to a profile."),
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
