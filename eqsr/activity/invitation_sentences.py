"""Sentences about an invitation, its emails and its reminders."""

from flask_babel import lazy_gettext as _

from eqsr.activity.kinds import ActivityKind

INVITATION_SENTENCES: dict[str, object] = {
    ActivityKind.INVITATION_MADE: _("Invited to %(job)s because the application is in %(stage)s."),
    ActivityKind.INVITATION_BY_LINK: _("Took the open link of %(job)s."),
    ActivityKind.MAIL_ACCEPTED: _("The mail server accepted the invitation for %(email)s."),
    ActivityKind.MAIL_REFUSED: _(
        "The mail server refused the invitation for %(email)s: %(reason)s"
    ),
    ActivityKind.MAIL_GAVE_UP: _("The invitation for %(email)s could not be sent: %(reason)s"),
    ActivityKind.MAIL_RETURNED: _(
        "A mail to %(email)s came back, and not because of the address: %(reason)s It goes out "
        "again automatically."
    ),
    ActivityKind.INVITATION_RETRIED: _(
        "The invitation goes to %(email)s again: it had failed for another reason than the address."
    ),
    ActivityKind.MAIL_BOUNCED: _("A mail to %(email)s came back: %(reason)s"),
    ActivityKind.MAIL_DELAYED: _(
        "A mail to %(email)s is delayed; the mail server tries again: %(reason)s"
    ),
    ActivityKind.INVITATION_BY_HAND: _("%(user)s invited the candidate to %(job)s by hand."),
    ActivityKind.INVITED_AGAIN: _("%(user)s invited the candidate to %(job)s again."),
    ActivityKind.INVITATION_RESENT: _("%(user)s had the invitation sent again to %(email)s."),
    ActivityKind.ADDRESS_CORRECTED: _(
        "%(user)s corrected the address of the invitation from %(before)s to %(email)s."
    ),
    ActivityKind.ADDRESS_FOLLOWED: _(
        "The address was corrected in SmartRecruiters, so the invitation goes to %(email)s."
    ),
    ActivityKind.LINK_RENEWED: _(
        "%(user)s made a new link. Links sent before do not work any more."
    ),
    ActivityKind.INVITATION_EXTENDED: _("%(user)s extended the invitation until %(date)s."),
    ActivityKind.INVITATION_CANCELLED: _("%(user)s cancelled the invitation."),
    ActivityKind.REMINDED: _("A reminder was sent to %(email)s."),
    ActivityKind.REMINDER_REFUSED: _(
        "The mail server refused a reminder for %(email)s: %(reason)s"
    ),
    ActivityKind.EMAIL_POINTLESS: _("An email was not sent: %(why)s."),
    ActivityKind.REMINDERS_STOPPED: _("The candidate wants no more reminders."),
    ActivityKind.INVITATION_EXPIRED: _("The invitation was not used in time."),
    ActivityKind.INVITATION_OPENED: _("The candidate opened the invitation."),
}
