"""From a template pair (HTML and text) to a message."""

import logging
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from eqsr.core.brand import Brand, brand
from eqsr.core.clock import now
from eqsr.core.email_addresses import on_the_wire
from eqsr.core.extensions import settings, templates
from eqsr.core.invisible import clean_name
from eqsr.mail import headers, readback

log = logging.getLogger(__name__)

# By this name the HTML part shows the logo that travels with it (RFC 2392).
LOGO = "logo@mail"


@dataclass(frozen=True)
class Email:
    """What a mail says, before it has a recipient."""

    subject: str
    text: str
    html: str
    sender_name: str | None = None
    unsubscribe_url: str | None = None
    reply_to: str | None = None
    logo: bytes | None = field(default=None, repr=False)

    def message(self, mail_from: str, to_address: str, message_id: str) -> EmailMessage:
        """The message on the wire, read back before it is given. Raises ValueError for what can't
        be written."""
        given_name, sender = parseaddr(mail_from)
        # What looks like an encoded word would be read as one.
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
        # Rather without a name than from somebody else, or not at all.
        log.error("a sender's name can't be written, so the mail goes without: %r", name)
        expected = replace(expected, name="")
        message = self._written(expected)
        if difference := readback.differs(bytes(message), expected):
            log.error("a mail can't be written: its %s is not what was meant", difference)
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
        # Holiday replies would reach nobody.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if self.unsubscribe_url:
            # RFC 8058: mail programs offer to unsubscribe with one click.
            message["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        if self.logo:
            picture = {"maintype": "image", "subtype": "png", "filename": "logo.png"}
            page = message.get_body(("html",))
            page.add_related(self.logo, cid=f"<{LOGO}>", disposition="inline", **picture)
        return message


def compose_email(
    name: str,
    *,
    locale: str = "en",
    zone: str = "UTC",
    sender_name: str | None = None,
    looks: Brand | None = None,
    **facts: Any,
) -> Email:
    """Render ``templates/mail/<name>.subject.txt``, ``.txt`` and ``.html`` in ``locale``,
    and moments by the clock of ``zone``.

    ``looks`` are the organisation's, or the platform's own. The facts ``unsubscribe_url``,
    ``contact_email`` (who reads a candidate's answers) and ``reply_to`` (who reads others') go
    into the message's head too.
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
    with force_locale(locale):
        subject, text, html = (
            templates.get_template(f"mail/{name}.{part}").render(facts)
            for part in ("subject.txt", "txt", "html")
        )
    answers = facts.get("reply_to") or facts.get("contact_email")
    heads = (sender_name, facts.get("unsubscribe_url"), answers or None)
    return Email(clean_name(subject), text, html, *heads, looks.logo)


def _address(text: str) -> Address:
    # In two parts: as a whole, Python takes none with letters that are not ASCII.
    local, _at, domain = text.rpartition("@")
    return Address(username=local, domain=domain)
