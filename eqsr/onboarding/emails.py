"""The email with the onboarding link."""

from eqsr.accounts.models import User
from eqsr.core.extensions import settings
from eqsr.core.messages import UserError
from eqsr.mail import sending as mail_sending
from eqsr.mail import smtp_errors
from eqsr.mail.compose import compose_email
from eqsr.onboarding import link_progress
from eqsr.onboarding.models import OnboardingLink


class NotMailed(UserError):
    """The link exists, but its email was not sent; the sentence says why."""


def mail_link(link: OnboardingLink, url: str, sender: User) -> None:
    """Email a link immediately: its address is not stored, so no worker could send it later.

    Raises NotMailed.
    """
    message = compose_email(
        "onboarding",
        locale=link.organisation.language,
        zone=link.organisation.time_zone,
        first_name="",
        requester_name=sender.name or settings.platform_name,
        requester_email=sender.email,
        reply_to=sender.email,
        organisation_name=link.organisation.name,
        link_url=url,
        expires_at=link.expires_at,
    )
    try:
        mail_sending.send_now(message, link.admin_email)
    except smtp_errors.MailRefused:
        raise NotMailed(
            "The mail server does not take mail for this address: check the address, or copy the "
            "link and send it yourself."
        ) from None
    except smtp_errors.Unwelcome:
        raise NotMailed(
            "The mail server takes none of our email just now, so nothing was sent: copy the link "
            "and send it yourself."
        ) from None
    except smtp_errors.MailServerUnavailable:
        raise NotMailed(
            "The mail server does not answer, so the mail was not sent: copy the link and send it "
            "yourself."
        ) from None
    link_progress.mailed(link)
