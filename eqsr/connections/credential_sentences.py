"""What the email about a changed credential says: what happened, by whom, and what to do."""

from flask_babel import gettext as _

from eqsr.activity.actions import AuditAction
from eqsr.activity.models import AuditEntry

CREDENTIAL_ENTERED = (AuditAction.CREDENTIAL_CONNECTED, AuditAction.CREDENTIAL_REPLACED)
CREDENTIAL_REMOVED = (AuditAction.DISCONNECTED, AuditAction.CREDENTIAL_FORGOTTEN)


def author(entry: AuditEntry) -> str:
    """Return the person who made the change; '' for the system."""
    name = entry.facts.get("by", "")
    if name and entry.user_id is None and entry.action in CREDENTIAL_ENTERED:
        return _("the person with the onboarding link for %(email)s", email=name)
    return name


def title(action: str) -> str:
    """Return the email's title."""
    titles: dict[str, str] = {
        AuditAction.CREDENTIAL_CONNECTED: _("SmartRecruiters was connected"),
        AuditAction.CREDENTIAL_REPLACED: _("The SmartRecruiters credential was replaced"),
        AuditAction.DISCONNECTED: _("SmartRecruiters was disconnected"),
        AuditAction.CREDENTIAL_FORGOTTEN: _("The SmartRecruiters credential was deleted here"),
        AuditAction.SIGNING_KEY_REPLACED: _("The SmartRecruiters signing key was replaced"),
        AuditAction.SIGNING_KEY_RENEWED: _("The SmartRecruiters signing key was replaced"),
    }
    return titles[action]


def happened(action: str, organisation: str) -> str:
    """Return the sentence about what changed at this organisation."""
    sentences: dict[str, str] = {
        AuditAction.CREDENTIAL_CONNECTED: _(
            "A SmartRecruiters credential was entered and tried for %(organisation)s. Candidates "
            "can now be invited when they move in SmartRecruiters.",
            organisation=organisation,
        ),
        AuditAction.CREDENTIAL_REPLACED: _(
            "A new SmartRecruiters credential was entered and tried for %(organisation)s. It has "
            "replaced the earlier one.",
            organisation=organisation,
        ),
        AuditAction.DISCONNECTED: _(
            "SmartRecruiters is disconnected for %(organisation)s: nobody is invited, and no "
            "result is written there.",
            organisation=organisation,
        ),
        AuditAction.CREDENTIAL_FORGOTTEN: _(
            "After the disconnection we deleted the stored SmartRecruiters credential of "
            "%(organisation)s and its signing keys.",
            organisation=organisation,
        ),
        AuditAction.SIGNING_KEY_REPLACED: _(
            "The key that signs SmartRecruiters' events for %(organisation)s was replaced. The "
            "old key is accepted for another 24 hours.",
            organisation=organisation,
        ),
        AuditAction.SIGNING_KEY_RENEWED: _(
            "Our webhook subscription or its signing key for %(organisation)s was lost. We made it "
            "again, with a new signing key.",
            organisation=organisation,
        ),
    }
    return sentences[action]


def advice(action: str, organisation: str) -> str:
    """Return what to do if nobody at this organisation expected the change."""
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
