"""Render the templates of an email (subject, text and HTML) and build its message."""

import logging
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from eqsr.core.brand import Brand, brand
from eqsr.core.clock import now
from eqsr.core.email_addresses import on_the_wire, usable_address
from eqsr.core.extensions import settings, templates
from eqsr.core.formats import text_direction, written_for
from eqsr.core.invisible import clean_name
from eqsr.mail import headers, readback

log = logging.getLogger(__name__)

# The content id by which the HTML part refers to the attached logo (RFC 2392).
LOGO = "logo@mail"


@dataclass(frozen=True)
class Email:
    """A composed email without its recipient. ``logo``: a PNG that the HTML part shows."""

    subject: str
    text: str
    html: str
    sender_name: str | None = None
    unsubscribe_url: str | None = None
    reply_to: str | None = None
    logo: bytes | None = field(default=None, repr=False)

    def message(self, mail_from: str, to_address: str, message_id: str) -> EmailMessage:
        """Build the message, parse it again, and check that it says what was meant.

        Raises ValueError if it can't be written correctly.
        """
        given_name, sender = parseaddr(mail_from)
        # "=?" would start an encoded word (RFC 2047), so it is broken up.
        name, subject = (
            clean_name(text).replace("=?", "= ?")
            for text in (self.sender_name or given_name, self.subject)
        )
        expected = readback.ExpectedHeaders(
            name, sender, to_address, subject, message_id, self.reply_to
        )
        message = self._written(expected)
        if readback.differs(bytes(message), expected) is None:
            return message
        # Better without the sender's name than with another one.
        log.error("a sender's name can't be written, so the email is sent without: %r", name)
        expected = replace(expected, name="")
        message = self._written(expected)
        if difference := readback.differs(bytes(message), expected):
            log.error("an email can't be written: its %s is not what was meant", difference)
            raise ValueError(f"its {difference} is not what was meant")
        return message

    def _written(self, expected: readback.ExpectedHeaders) -> EmailMessage:
        to_address = on_the_wire(expected.to_address)
        message = EmailMessage(headers.policy_for(to_address))
        message["Subject"] = expected.subject
        message["From"] = Address(display_name=expected.name, addr_spec=expected.sender)
        message["To"] = _address(to_address)
        if expected.reply_to:
            message["Reply-To"] = _address(on_the_wire(expected.reply_to))
        message["Message-ID"] = expected.message_id
        message["Date"] = format_datetime(now())
        # Asks mail programs not to answer automatically.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if self.unsubscribe_url:
            # Lets mail programs offer one-click unsubscription (RFC 8058).
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        page = message.get_body(("html",)) if self.logo else None
        if page is not None:
            page.add_related(
                self.logo,
                maintype="image",
                subtype="png",
                filename="logo.png",
                cid=f"<{LOGO}>",
                disposition="inline",
            )
        return message


def compose_email(
    name: str,
    *,
    zone: str,
    locale: str = "en",
    sender_name: str | None = None,
    looks: Brand | None = None,
    **facts: Any,
) -> Email:
    """Render ``templates/mail/<name>.subject.txt``, ``.txt`` and ``.html`` with ``facts``.

    ``locale``: the language. ``zone``: the time zone of the moments in it. ``looks``: the
    organisation's brand; by default the platform's. The facts ``unsubscribe_url`` and ``reply_to``
    (or ``contact_email``, for emails to candidates) also become headers. Without either, replies go
    to the platform's support if that is an email address, as nobody reads the sender's mailbox.
    """
    looks = looks or brand(None)
    facts = {
        "looks": looks,
        "logo_url": f"cid:{LOGO}" if looks.logo else "",
        "platform_name": settings.platform_name,
        "support_url": settings.support_url,
        "locale": locale,
        "zone": ZoneInfo(zone),
        **facts,
    }
    with written_for(locale, zone):
        facts["text_direction"] = text_direction()
        subject, text, html = (
            templates.get_template(f"mail/{name}.{part}").render(facts)
            for part in ("subject.txt", "txt", "html")
        )
    return Email(
        subject=clean_name(subject),
        text=text,
        html=html,
        sender_name=sender_name,
        unsubscribe_url=facts.get("unsubscribe_url"),
        reply_to=facts.get("reply_to") or facts.get("contact_email") or _support_address(),
        logo=looks.logo,
    )


def _support_address() -> str | None:
    """The platform's support as an email address; None if it is a web page or not set."""
    return usable_address(settings.support_url.removeprefix("mailto:"))


def _address(text: str) -> Address:
    # Given in two parts, because Address refuses a whole address that is not ASCII.
    local, _at, domain = text.rpartition("@")
    return Address(username=local, domain=domain)
