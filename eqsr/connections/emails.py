"""The email to an organisation's admins about a changed credential."""

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from eqsr.accounts.models import Organisation, User
from eqsr.activity import service as activity
from eqsr.activity.models import AuditEntry
from eqsr.connections import credential_changes
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail
from eqsr.organisations.service import brand_of

CREDENTIAL_ENTERED = (credential_changes.CONNECTED, credential_changes.REPLACED)
CREDENTIAL_REMOVED = (credential_changes.DISCONNECTED, credential_changes.FORGOTTEN)


def credential_changed(mail: Mail) -> Email:
    """Compose the email: who changed what and when, and what to do if nobody expected it."""
    entry = activity.audited(mail.subject_id)
    organisation = db.session.get_one(Organisation, mail.organisation_id)
    reader = db.session.scalar(select(User).where(User.email == mail.to_address))
    locale = (reader and reader.language) or organisation.language
    with force_locale(locale):
        title, who = _title(entry.action), _who(entry)
        happened = _happened(entry.action, organisation.name)
        todo = _todo(entry.action, organisation.name)
    return compose_email(
        "credential_changed",
        locale=locale,
        zone=(reader and reader.time_zone) or organisation.time_zone,
        looks=brand_of(organisation),
        first_name=reader.name if reader else "",
        organisation_name=organisation.name,
        company=entry.facts.get("company", ""),
        from_address=entry.address,
        client_id=entry.facts.get("client_id", ""),
        changed_at=entry.at,
        link_url=f"{settings.public_url}/connection",
        title=title,
        happened=happened,
        todo=todo,
        who=who,
    )


def _who(entry: AuditEntry) -> str:
    """The person who made the change; '' for the system."""
    name = entry.facts.get("by", "")
    if name and entry.user_id is None and entry.action in CREDENTIAL_ENTERED:
        return _("the person with the onboarding link for %(email)s", email=name)
    return name


def _title(action: str) -> str:
    return {
        credential_changes.CONNECTED: _("SmartRecruiters was connected"),
        credential_changes.REPLACED: _("The SmartRecruiters credential was replaced"),
        credential_changes.DISCONNECTED: _("SmartRecruiters was disconnected"),
        credential_changes.FORGOTTEN: _("The SmartRecruiters credential was deleted here"),
        credential_changes.KEY_REPLACED: _("The SmartRecruiters signing key was replaced"),
        credential_changes.KEY_RENEWED: _("The SmartRecruiters signing key was replaced"),
    }[action]


def _happened(action: str, organisation: str) -> str:
    sentences = {
        credential_changes.CONNECTED: _(
            "A SmartRecruiters credential was entered and tried for %(organisation)s. Candidates "
            "can now be invited when they move in SmartRecruiters.",
            organisation=organisation,
        ),
        credential_changes.REPLACED: _(
            "A new SmartRecruiters credential was entered and tried for %(organisation)s. It has "
            "replaced the earlier one.",
            organisation=organisation,
        ),
        credential_changes.DISCONNECTED: _(
            "SmartRecruiters is disconnected for %(organisation)s: nobody is invited, and no "
            "result is written there.",
            organisation=organisation,
        ),
        credential_changes.FORGOTTEN: _(
            "After the disconnection we deleted the stored SmartRecruiters credential of "
            "%(organisation)s and its signing keys.",
            organisation=organisation,
        ),
        credential_changes.KEY_REPLACED: _(
            "The key that signs SmartRecruiters' events for %(organisation)s was replaced. The "
            "old key is accepted for another 24 hours.",
            organisation=organisation,
        ),
        credential_changes.KEY_RENEWED: _(
            "Our webhook subscription or its signing key for %(organisation)s was lost. We made it "
            "again, with a new signing key.",
            organisation=organisation,
        ),
    }
    return sentences[action]


def _todo(action: str, organisation: str) -> str:
    if action in CREDENTIAL_ENTERED:
        return _(
            "If nobody at %(organisation)s did this: disconnect on the connection page, delete "
            "this credential in SmartRecruiters (Settings / Admin, Apps & Integrations, "
            "Credentials), and write to us.",
            organisation=organisation,
        )
    if action in CREDENTIAL_REMOVED:
        return _(
            "If nobody at %(organisation)s did this: reconnect on the connection page with a new "
            "credential, look through your team for people who should not be there, and write to "
            "us.",
            organisation=organisation,
        )
    return _(
        "If nobody at %(organisation)s expected this: replace the signing key on the connection "
        "page, look through your team for people who should not be there, and write to us.",
        organisation=organisation,
    )
